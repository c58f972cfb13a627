using System.Buffers.Binary;
using System.Text;
using Mayu.Core.Yaml;

namespace Mayu.Server.Preflight;

/// <summary>Finds public keys of SSH that are none: nobody could log in to the machine that gets one.</summary>
internal static class SshKeys
{
    // OpenSSH's names of public keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
    private static readonly string[] Types = ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"];

    /// <summary>The texts among these values that begin as a public key does and are none, each as a sentence.</summary>
    public static IEnumerable<string> Faults(YamlNode values) => values switch
    {
        YamlMap map => map.Entries.SelectMany(entry => Faults(entry.Value)),
        YamlList list => list.Items.SelectMany(Faults),
        YamlScalar scalar when scalar.Text.Split(' ') is [var type, var key, ..] && Types.Contains(type, StringComparer.Ordinal) && !IsKey(type, key) =>
            [$"\"{type} {Shortened(key)}\" (line {scalar.Line}) is not an SSH public key, so nobody can log in with it: write the whole line of the .pub file"],
        _ => [],
    };

    // RFC 4253 §6.6: the type again, behind its length as a big-endian uint32, then the key.
    private static bool IsKey(string type, string text)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length)
            && length > 4 + type.Length
            && BinaryPrimitives.ReadUInt32BigEndian(key) == type.Length
            && key.AsSpan(4, type.Length).SequenceEqual(Encoding.ASCII.GetBytes(type));
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
