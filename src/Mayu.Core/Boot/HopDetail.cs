using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>Puts a mark into words. Declared once by who leaves such marks: <c>static readonly HopPhrase Lease = …</c>.</summary>
/// <param name="detail">What the mark kept.</param>
/// <returns>Half a sentence.</returns>
public delegate string HopPhrase(in HopDetail detail);

/// <summary>
/// What a mark says, kept as it came and put into words when somebody reads it. To leave a mark for a packet so allocates
/// nothing: the phrase is shared, and texts are kept by reference. A plain string is a detail too, where packets are few.
/// </summary>
/// <example>
/// <code>
/// private static readonly HopPhrase Lease = (in HopDetail detail) => $"{detail.Address}, boot file {detail.Text}";
/// trace.Mark(mac, HopKind.Offer, new HopDetail(Lease) { Address = address, Text = file.Name });
/// </code>
/// </example>
/// <param name="Phrase">How it is said; null: <see cref="Text"/> as it stands.</param>
public readonly record struct HopDetail(HopPhrase? Phrase)
{
    /// <summary>The longest text that is kept, in characters; what is longer is cut.</summary>
    public const int MaxText = 400;

    private static readonly HopPhrase LeasePhrase = (in HopDetail detail) => (detail.Address.Value, detail.Text) switch
    {
        (_, null) => $"{detail.Address}",
        (0, _) => $"boot file {detail.Text}",
        _ => $"{detail.Address}, boot file {detail.Text}",
    };

    /// <summary>
    /// What the mark is about: a file's name, a plain text. Marks of one step about the same thing, in which bytes grow, are one mark.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Why, where there is a why: the reason of a boot answer, an error.</summary>
    public string? Reason { get; init; }

    /// <summary>An address that the phrase speaks of.</summary>
    public Ipv4 Address { get; init; }

    /// <summary>Another address that the phrase speaks of: the relay's, the other server's.</summary>
    public Ipv4 Other { get; init; }

    /// <summary>What a lease or an offer of one says: the address, and the boot file.</summary>
    /// <param name="address">The address; 0.0.0.0 where another server gives it (ProxyDHCP).</param>
    /// <param name="bootFile">A file's name or a URL; null for a client that is told nothing, as an operating system is.</param>
    public static HopDetail Lease(Ipv4 address, string? bootFile) => new(LeasePhrase) { Address = address, Text = bootFile };

    /// <summary>What a lease tells the machine to load; null for every other mark.</summary>
    internal string? BootFile => Phrase == LeasePhrase ? Text : null;

    /// <summary>A text that stands for itself.</summary>
    public static implicit operator HopDetail(string text) => new(null) { Text = text };

    /// <summary>Whether it says the same. Compares no delegate but by reference: phrases are shared, and this is asked for each packet.</summary>
    internal bool IsLike(in HopDetail other) =>
        ReferenceEquals(Phrase, other.Phrase) && Address == other.Address && Other == other.Other && Text == other.Text && Reason == other.Reason;

    /// <summary>A number that is the same for those that say the same.</summary>
    internal int Print => (int)Other.Value ^ (int)Address.Value ^ (Text is { Length: > 0 } text ? text.Length + text[^1] : 0) ^ (Reason?.Length ?? 0);

    /// <summary>How many characters it holds on to.</summary>
    internal int Characters => (Text?.Length ?? 0) + (Reason?.Length ?? 0);

    /// <summary>The words, without a control character that a terminal or a log would obey.</summary>
    public override string ToString() => Printable(Cut(Phrase is null ? Text ?? "" : Phrase(this)));

    /// <summary>The same with its texts cut to size: they come from machines.</summary>
    internal HopDetail Bounded() => Text is { Length: > MaxText } || Reason is { Length: > MaxText }
        ? this with { Text = Text is null ? null : Cut(Text), Reason = Reason is null ? null : Cut(Reason) }
        : this;

    /// <summary>Cut to size.</summary>
    internal static string Cut(string text) => CutText.Of(text, MaxText);

    /// <summary>With a space for each control character.</summary>
    internal static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
