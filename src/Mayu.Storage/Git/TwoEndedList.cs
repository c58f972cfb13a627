namespace Mayu.Storage.Git;

/// <summary>A list that grows at both ends, whose positions stay what they are: the newest have the highest.</summary>
internal sealed class TwoEndedList<T>
{
    private readonly List<T> _newer = [];
    private readonly List<T> _older = [];

    /// <summary>How many there are.</summary>
    public int Count => _newer.Count + _older.Count;

    /// <summary>The highest position; one less than <see cref="Oldest"/> when there is none.</summary>
    public int Newest => _newer.Count - 1;

    /// <summary>The lowest position.</summary>
    public int Oldest => -_older.Count;

    public T this[int position] => position >= 0 ? _newer[position] : _older[-1 - position];

    /// <summary>Adds one at an end, and says its position.</summary>
    public int Add(T item, bool isNewest)
    {
        (isNewest ? _newer : _older).Add(item);
        return isNewest ? Newest : Oldest;
    }
}
