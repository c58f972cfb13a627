using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Mayu.Core.Machines;

/// <summary>
/// Texts that many machines have in common: vendors, models, drivers, tags. Each is kept once: ten thousand records of a few models
/// take half the memory so. Bounded, because it is filled from outside; what finds no place is simply not shared. Never for a secret: what is
/// shared is kept until the process ends.
/// </summary>
public static class SharedText
{
    /// <summary>The longest text that is shared, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>How many texts are shared, about.</summary>
    public const int MaxCount = 8192;

    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> BySpan = Known.GetAlternateLookup<ReadOnlySpan<char>>();
    private static int _count;

    /// <summary>The same text, as the object that others have.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        if (text is null or { Length: > MaxLength })
        {
            return text;
        }

        return Known.TryGetValue(text, out var known) ? known : Add(text);
    }

    /// <summary>As <see cref="Of(string)"/>; makes a string only of what is met for the first time.</summary>
    public static string Of(ReadOnlySpan<char> text) =>
        text.Length > MaxLength ? text.ToString()
        : BySpan.TryGetValue(text, out var known) ? known
        : Add(text.ToString());

    private static string Add(string text)
    {
        // Some more may slip in at the same moment; the bound is against a flood.
        if (Volatile.Read(ref _count) >= MaxCount)
        {
            return text;
        }

        var shared = Known.GetOrAdd(text, text);
        if (ReferenceEquals(shared, text))
        {
            Interlocked.Increment(ref _count);
        }

        return shared;
    }
}
