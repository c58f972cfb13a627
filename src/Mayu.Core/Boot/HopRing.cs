namespace Mayu.Core.Boot;

/// <summary>
/// The newest marks of one machine: at most <see cref="BootTrace.MaxHops"/>, which hold on to at most <see cref="MaxCharacters"/> of text. It
/// grows to its full size and then allocates no more.
/// </summary>
internal sealed class HopRing
{
    /// <summary>How many characters of text the marks of one machine hold on to; the oldest marks give way.</summary>
    public const int MaxCharacters = 4096;

    private const int FirstSize = 8;

    private HopMark[] _marks = new HopMark[FirstSize];
    private int _first;
    private int _characters;

    /// <summary>How many marks there are.</summary>
    public int Count { get; private set; }

    /// <summary>A mark; 0 is the oldest.</summary>
    public ref HopMark this[int index] => ref _marks[(_first + index) % _marks.Length];

    /// <summary>Adds a mark, or lets the newest one grow into it.</summary>
    public void Add(in HopMark mark)
    {
        if (Count > 0 && this[Count - 1].GrowsInto(mark))
        {
            ref var last = ref this[Count - 1];
            _characters += mark.Detail.Characters - last.Detail.Characters;
            last.Grow(mark);
        }
        else
        {
            MakeRoom();
            this[Count++] = mark;
            _characters += mark.Detail.Characters;
        }

        while (Count > 1 && _characters > MaxCharacters)
        {
            RemoveOldest();
        }
    }

    /// <summary>The marks of both, in the order of their times, as far as they find room.</summary>
    public static HopRing Merge(HopRing one, HopRing other)
    {
        var merged = new HopRing();
        var (i, j) = (0, 0);
        while (i < one.Count || j < other.Count)
        {
            merged.Add(j == other.Count || (i < one.Count && one[i].At <= other[j].At) ? one[i++] : other[j++]);
        }

        return merged;
    }

    private void MakeRoom()
    {
        if (Count < _marks.Length)
        {
            return;
        }

        if (Count == BootTrace.MaxHops)
        {
            RemoveOldest();
            return;
        }

        var larger = new HopMark[Math.Min(_marks.Length * 2, BootTrace.MaxHops)];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        (_marks, _first) = (larger, 0);
    }

    private void RemoveOldest()
    {
        _characters -= this[0].Detail.Characters;
        this[0] = default;
        _first = (_first + 1) % _marks.Length;
        Count--;
    }
}
