using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Mayu.Primitives;

/// <summary>
/// The identity of a machine: 1 to 128 printable ASCII characters without spaces, in lower case.
/// Everything else that names a machine (a folder, a URL, a host name) is an encoding of this.
/// </summary>
public readonly record struct Serial : IComparable<Serial>
{
    /// <summary>The longest serial that is accepted, in characters. DMI strings in the field stay below 64.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private readonly string? _text;

    private Serial(string text) => _text = text;

    /// <summary>The normalised text; empty only for <c>default</c>.</summary>
    public string Text => _text ?? "";

    /// <summary>
    /// Normalises (trim, lower case, runs of inner white space to <c>-</c>) and accepts <paramref name="text"/>.
    /// Refuses what is empty, longer than <see cref="MaxLength"/>, or has control or non-ASCII characters.
    /// </summary>
    /// <param name="text">What DMI, a URL or an operator gave.</param>
    /// <param name="serial">The identity, when accepted.</param>
    /// <param name="refusal">Why not, as half a sentence for an error message; null when accepted.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out Serial serial, [NotNullWhen(false)] out string? refusal)
    {
        serial = default;
        if (string.IsNullOrWhiteSpace(text))
        {
            refusal = "it is empty";
            return false;
        }

        if (text.Length > MaxLength * 2)
        {
            refusal = $"it has {text.Length} characters; {MaxLength} are allowed";
            return false;
        }

        // Before it is lowered: the Kelvin sign would become a k, and its machine somebody else.
        if (text.AsSpan().Trim().ContainsAnyExceptInRange('\0', '~'))
        {
            refusal = "it has characters that are not printable ASCII";
            return false;
        }

        var normalised = string.Join('-', text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToLowerInvariant();
        if (normalised.Length > MaxLength)
        {
            refusal = $"it has {normalised.Length} characters; {MaxLength} are allowed";
            return false;
        }

        if (normalised.AsSpan().ContainsAnyExcept(Allowed))
        {
            refusal = "it has characters that are not printable ASCII";
            return false;
        }

        if (normalised is "." or "..")
        {
            refusal = "it is the name of a folder";
            return false;
        }

        serial = new Serial(normalised);
        refusal = null;
        return true;
    }

    /// <summary>Whether it is a UUID: that of a machine whose firmware has no serial.</summary>
    public bool TryGetUuid(out Guid uuid) => Guid.TryParseExact(Text, "D", out uuid);

    /// <summary>Whether it is a MAC: the boot interface's of a machine whose firmware has neither serial nor UUID.</summary>
    public bool TryGetMac(out MacAddress mac) => MacAddress.TryParse(Text, out mac);

    /// <inheritdoc/>
    public int CompareTo(Serial other) => string.CompareOrdinal(Text, other.Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(Serial left, Serial right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(Serial left, Serial right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(Serial left, Serial right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(Serial left, Serial right) => left.CompareTo(right) >= 0;
}
