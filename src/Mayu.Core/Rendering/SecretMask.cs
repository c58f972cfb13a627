using System.Collections.Immutable;
using System.Text;
using Mayu.Primitives;

namespace Mayu.Core.Rendering;

/// <summary>
/// Hides secrets in messages: as they are, and as encoders write them. Of a longer one every piece of eight characters is hidden, so neither a line of it
/// shows it, nor a shortened quotation, nor what was encoded together with other text.
/// </summary>
/// <param name="encoders">The encoders. One that refuses a secret by an <see cref="InvalidOperationException"/> has not written it either.</param>
internal sealed class SecretMask(ImmutableArray<Func<object?, EncodedText>> encoders)
{
    /// <summary>Of a longer message the rest is left out, in characters: what is searched is bounded.</summary>
    public const int MaxMessage = 16 * 1024;

    private const string Mask = "***";
    private const int LeastPiece = 8;

    // Base64 writes three bytes as one group: a secret can begin at each place of one.
    private const int Group = 3;

    /// <summary>The message without the secrets.</summary>
    /// <param name="message">The message.</param>
    /// <param name="secrets">The secrets that it may repeat. Without any, it stays as it is.</param>
    public string Masked(string message, IReadOnlyCollection<string> secrets)
    {
        if (secrets.Count == 0)
        {
            return message;
        }

        var shown = message.Length <= MaxMessage ? message : message[..MaxMessage] + " …";
        var forms = secrets.Where(secret => secret.Length > 0).SelectMany(Forms).Distinct().ToList();
        var hidden = Hidden(shown, forms);
        if (shown.Contains("\n ", StringComparison.Ordinal))
        {
            // A secret of several lines may have been indented.
            var (text, places) = Unindented(shown);
            var also = Hidden(text, [.. forms.Select(form => form with { Text = Unindented(form.Text).Text })]);
            for (var i = 0; i < also.Length; i++)
            {
                hidden[places[i]] |= also[i];
            }
        }

        return Written(shown, hidden);
    }

    private IEnumerable<Form> Forms(string secret) =>
    [
        new(secret, IsInner: true),
        .. encoders.SelectMany(encode => Inner(encode, secret)).Select(inner => new Form(inner, IsInner: true)),
        .. encoders.Select(encode => Encoded(encode, secret)).OfType<string>().Select(whole => new Form(whole, IsInner: false)),
    ];

    private static bool[] Hidden(string message, List<Form> forms)
    {
        var (hidden, pieces) = (new bool[message.Length], PiecesOf(message));
        var lookup = pieces.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var form in forms)
        {
            HideWhole(form.Text);

            // A message that ends with it has lost its final full stop.
            HideWhole(FailureText.Unended(form.Text));
            for (var i = 0; form.IsInner && i + LeastPiece <= form.Text.Length; i++)
            {
                if (lookup.Remove(form.Text.AsSpan(i, LeastPiece), out _, out var places))
                {
                    places.ForEach(place => hidden.AsSpan(place, LeastPiece).Fill(true));
                }
            }
        }

        return hidden;

        void HideWhole(string text)
        {
            for (var at = text.Length == 0 ? -1 : message.IndexOf(text, StringComparison.Ordinal); at >= 0; at = message.IndexOf(text, at + 1, StringComparison.Ordinal))
            {
                hidden.AsSpan(at, text.Length).Fill(true);
            }
        }
    }

    private static (string Text, List<int> Places) Unindented(string text)
    {
        var (kept, places, isIndent) = (new StringBuilder(text.Length), new List<int>(text.Length), true);
        for (var i = 0; i < text.Length; i++)
        {
            isIndent = text[i] == '\n' || (isIndent && text[i] == ' ');
            if (text[i] == '\n' || !isIndent)
            {
                kept.Append(text[i]);
                places.Add(i);
            }
        }

        return (kept.ToString(), places);
    }

    private static Dictionary<string, List<int>> PiecesOf(string message)
    {
        var pieces = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i + LeastPiece <= message.Length; i++)
        {
            var piece = message.Substring(i, LeastPiece);
            if (!pieces.TryGetValue(piece, out var places))
            {
                pieces.Add(piece, places = []);
            }

            places.Add(i);
        }

        return pieces;
    }

    private static string Written(string message, bool[] hidden)
    {
        var text = new StringBuilder(message.Length);
        for (var i = 0; i < message.Length; i++)
        {
            if (!hidden[i])
            {
                text.Append(message[i]);
            }
            else if (i == 0 || !hidden[i - 1])
            {
                text.Append(Mask);
            }
        }

        return text.ToString();
    }

    // What the encoder writes for the secret inside a longer text: what is the same whatever is next to it. The two characters differ in the bits
    // that they share with their neighbours in Base64.
    private static IEnumerable<string> Inner(Func<object?, EncodedText> encode, string secret)
    {
        for (var length = 1; length <= Group; length++)
        {
            if (Encoded(encode, Between('1', secret, length)) is { } one && Encoded(encode, Between('x', secret, length)) is { } other && one.Length == other.Length
                && LongestCommon(one, other) is var inner && inner.Length >= secret.Length)
            {
                yield return inner;
            }
        }
    }

    private static string Between(char neighbour, string secret, int length) => new string(neighbour, length) + secret + new string(neighbour, length);

    // Between the first and the last difference: before and behind them are quotes and the like.
    private static string LongestCommon(string one, string other)
    {
        var (best, length, from) = (0, 0, -1);
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] == other[i])
            {
                continue;
            }

            if (from >= 0 && i - from > length)
            {
                (best, length) = (from, i - from);
            }

            from = i + 1;
        }

        return one.Substring(best, length);
    }

    private static string? Encoded(Func<object?, EncodedText> encode, string text)
    {
        try
        {
            return encode(text).Text;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>How a secret may be written.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="IsInner">Whether it is the secret and nothing else, so that a piece of it is one of the secret.</param>
    private sealed record Form(string Text, bool IsInner);
}
