using System.Security.Cryptography;
using System.Text;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>
/// A boot token that was issued: a random text that the boot script of one boot carries, and by which the machine is known until it is installed.
/// Of the text itself only the hash is kept.
/// </summary>
internal sealed class BootToken
{
    /// <summary>The length of the text, hexadecimal digits: 128 random bits.</summary>
    public const int Length = 32;

    private Serial? _machine;

    /// <summary>The SHA-256 of the text, its first 128 bits.</summary>
    public required UInt128 Hash { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset Issued { get; init; }

    /// <summary>The address that asked for the script.</summary>
    public required Ipv4 Client { get; init; }

    /// <summary>The interface that the machine boots from; null where its loader did not say and no lease tells.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The machine; null where the loader could not tell, until its facts do.</summary>
    public Serial? Machine
    {
        get => _machine;
        init => _machine = value;
    }

    /// <summary>
    /// The number of the installation that a live system's config begins, if it begins one: always the same, so that a hash of the config can be told
    /// before it is given.
    /// </summary>
    public string LiveInstallId
    {
        get
        {
            Span<byte> hash = stackalloc byte[16];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(hash, Hash);
            return Convert.ToHexStringLower(SHA256.HashData([.. "installation of boot token "u8, .. hash]).AsSpan(0, 16));
        }
    }

    /// <summary>Whether there is a record of the machine.</summary>
    public bool IsKnown { get; internal set; }

    /// <summary>Whether it was issued to an address that is leased to one of the machine's cards.</summary>
    public bool HasItsAddress { get; init; }

    /// <summary>What was given for it, by name, and how often.</summary>
    internal Dictionary<string, int> Given { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Whether a text can be a token at all.</summary>
    public static bool IsToken(string? text) => text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>A new text.</summary>
    internal static string NewText() => RandomNumberGenerator.GetHexString(Length, lowercase: true);

    /// <summary>What is kept of a text.</summary>
    internal static UInt128 HashOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(text), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The same, which stays as it is.</summary>
    internal BootToken Copy() => new()
    {
        Hash = Hash,
        Issued = Issued,
        Client = Client,
        Mac = Mac,
        Machine = Machine,
        IsKnown = IsKnown,
        HasItsAddress = HasItsAddress,
        Given = new Dictionary<string, int>(Given, StringComparer.Ordinal),
    };

    /// <summary>Its facts came in: from now on it is this machine's.</summary>
    internal void Adopt(Serial machine)
    {
        _machine = machine;
        IsKnown = true;
    }
}
