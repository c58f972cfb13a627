using System.Buffers.Binary;
using System.Text;

namespace Mayu.Primitives;

/// <summary>Lines of <c>authorized_keys</c> (sshd(8), AUTHORIZED_KEYS FILE FORMAT).</summary>
public static class SshPublicKey
{
    private static readonly string[] Types =
    [
        "ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    ];

    /// <summary>Whether a line is a key, with options before it or a comment behind it, or a comment alone.</summary>
    public static bool IsOne(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = line.Trim();
        return text.Length == 0 || text[0] == '#' || IsKey(text) || IsKey(AfterOptions(text));
    }

    /// <summary>Whether a line is a key, with a comment behind it or without: its type, and base64 that says the type again (RFC 4253 §6.6).</summary>
    public static bool IsKey(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split((char[])[' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries) is not [var type, var encoded, ..] || !IsType(type))
        {
            return false;
        }

        // The type stands there behind its length as a big-endian uint32.
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out var length)
            && length > 4 + type.Length
            && BinaryPrimitives.ReadUInt32BigEndian(key) == type.Length
            && key.AsSpan(4, type.Length).SequenceEqual(Encoding.ASCII.GetBytes(type));
    }

    /// <summary>Whether it is OpenSSH's name of a kind of key, or of a certificate for one.</summary>
    public static bool IsType(string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        const string Certificate = "-cert-v01@openssh.com";
        return Types.Contains(type, StringComparer.Ordinal)
            || (type.EndsWith(Certificate, StringComparison.Ordinal) && Types.Any(plain => plain.Split('@')[0] == type[..^Certificate.Length]));
    }

    // Options end at the first blank that is not in double quotes.
    private static string AfterOptions(string text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
            {
                quoted = !quoted;
            }
            else if (!quoted && text[i] is ' ' or '\t')
            {
                return text[(i + 1)..].TrimStart();
            }
        }

        return "";
    }
}
