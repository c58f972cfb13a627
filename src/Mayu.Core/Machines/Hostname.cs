using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>Host names for machines that nobody named.</summary>
public static class Hostname
{
    /// <summary>The longest DNS label, RFC 1035 §2.3.4.</summary>
    public const int MaxLength = 63;

    /// <summary>The longest name that Linux takes (HOST_NAME_MAX): systemd passes a longer <c>/etc/hostname</c> over.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The override that is one machine's name for templates.</summary>
    public const string Override = "hostname";

    private const int SuffixLength = 5;

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>
    /// A DNS label (RFC 1123 §2.1) made of a serial: other characters become <c>-</c>, the ends are trimmed, and a
    /// serial of which nothing is left becomes <c>machine</c>.
    /// </summary>
    public static string FromSerial(Serial serial)
    {
        var label = string.Create(Math.Min(serial.Text.Length, MaxLength), serial.Text, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = LabelCharacters.Contains(text[i]) ? text[i] : '-';
            }
        }).Trim('-');
        return label.Length == 0 ? "machine" : label;
    }

    /// <summary>
    /// The host name of a new machine: its serial's label; where another machine has that, with a suffix that is made of the serial and
    /// so always the same: <c>ab/1</c> and <c>ab.1</c> are both <c>ab-1</c> as labels.
    /// </summary>
    public static string For(ClusterSnapshot snapshot, Serial serial)
    {
        var label = FromSerial(serial);
        if (IsFree(snapshot, serial, label))
        {
            return label;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(serial.Text)));
        for (var length = SuffixLength; length < hash.Length / 2; length += SuffixLength)
        {
            var name = $"{label[..Math.Min(label.Length, MaxLength - length - 1)].TrimEnd('-')}-{hash[..length]}";
            if (IsFree(snapshot, serial, name))
            {
                return name;
            }
        }

        return $"m-{hash[..(MaxLength - 2)]}";
    }

    private static bool IsFree(ClusterSnapshot snapshot, Serial serial, string name) =>
        snapshot.OwnersOfHostname(name) is var owners && (owners.Count == 0 || (owners.Count == 1 && owners[0] == serial));

    /// <summary>Whether the text is one DNS label in lower case.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(LabelCharacters) && text[0] != '-' && text[^1] != '-';

    /// <summary>
    /// Whether the text is a host name as systems take it (hostname(5)): labels with dots between them. Other than in a machine's own name, capitals and
    /// <c>_</c> are allowed: an operator may have reasons for them.
    /// </summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= MaxNameLength && text.Split('.').All(label =>
            label.Length is > 0 and <= MaxLength && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && label[0] != '-' && label[^1] != '-');
    }
}
