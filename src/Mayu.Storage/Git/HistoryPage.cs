using System.Globalization;
using Mayu.Core.Machines;

namespace Mayu.Storage.Git;

/// <summary>Where a page of the history ended. A commit may hold the changes of many machines, and a page may end between two of them.</summary>
/// <param name="Id">The commit, or the beginning of its id.</param>
/// <param name="Ordinal">The change's place in it; null: the whole commit was read.</param>
internal sealed record HistoryPage(string Id, int? Ordinal)
{
    private const char Separator = ':';

    /// <summary>Reads what <see cref="ToString"/> wrote, or an id.</summary>
    /// <exception cref="NoSuchChangeException">It is neither.</exception>
    public static HistoryPage? Of(string? text) => text?.Split(Separator) switch
    {
        null => null,
        [var id] => new HistoryPage(id, null),
        [var id, var ordinal] when int.TryParse(ordinal, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => new HistoryPage(id, number),
        _ => throw new NoSuchChangeException($"The history has no change {text}."),
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}{Separator}{Ordinal}");
}
