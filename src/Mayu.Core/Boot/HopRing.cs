namespace Mayu.Core.Boot;

/// <summary>
/// The newest marks of one machine: at most <see cref="BootTrace.MaxHops"/>, which hold on to at most <see cref="MaxCharacters"/> of text. It
/// grows to its full size and then allocates no more. What a machine does over and over, one step or up to <see cref="MaxCycle"/> in the same
/// order, is there once, with a count: it does not push out how that began.
/// </summary>
internal sealed class HopRing
{
    /// <summary>How many characters of text the marks of one machine hold on to; the oldest marks give way.</summary>
    public const int MaxCharacters = 4096;

    /// <summary>The longest cycle that is found, in marks. A boot has some twenty; two rounds of it, and what was before, find room.</summary>
    public const int MaxCycle = 28;

    private const int FirstSize = 8;

    private HopMark[] _marks = new HopMark[FirstSize];

    // A byte of each mark, which marks that are alike share: to look for a cycle touches the marks themselves only where there may be one.
    private byte[] _prints = new byte[FirstSize];
    private int _first;
    private int _characters;

    /// <summary>How many marks there are.</summary>
    public int Count { get; private set; }

    /// <summary>A mark; 0 is the oldest.</summary>
    public ref HopMark this[int index] => ref _marks[PlaceOf(index)];

    /// <summary>Adds a mark, lets the newest one grow into it, or counts it where it ends another round of the same.</summary>
    public void Add(in HopMark mark)
    {
        if (Count > 0 && this[Count - 1].GrowsInto(mark))
        {
            var grown = TakeNewest();
            grown.Grow(mark);
            Put(grown, isOver: false);
        }
        else
        {
            if (Count > 1 && this[Count - 1].IsPartial)
            {
                // It broke off: only now is that known.
                Put(TakeNewest(), isOver: true);
            }

            Put(mark, isOver: false);
        }

        while (_characters > MaxCharacters)
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

    private void Put(in HopMark mark, bool isOver)
    {
        var print = mark.Print;
        for (var cycle = 1; cycle <= MaxCycle && (2 * cycle) - 1 <= Count; cycle++)
        {
            if (_prints[PlaceOf(Count - cycle)] == print && IsRoundOf(cycle, mark, isOver))
            {
                Fold(cycle, mark);
                return;
            }
        }

        MakeRoom();
        var place = PlaceOf(Count++);
        (_marks[place], _prints[place]) = (mark, print);
        _characters += mark.Detail.Characters;
    }

    // The size is a power of two.
    private int PlaceOf(int index) => (_first + index) & (_marks.Length - 1);

    // Whether the newest marks and this one are what the same number of marks before them are.
    private bool IsRoundOf(int cycle, in HopMark mark, bool isOver)
    {
        for (var i = Count - 1; i > Count - cycle; i--)
        {
            if (_prints[PlaceOf(i - cycle)] != _prints[PlaceOf(i)] || !this[i - cycle].IsRepeatedBy(this[i], isOver: true))
            {
                return false;
            }
        }

        return this[Count - cycle].IsRepeatedBy(mark, isOver);
    }

    private void Fold(int cycle, in HopMark mark)
    {
        this[Count - cycle].Repeat(mark);
        for (var i = 1; i < cycle; i++)
        {
            // The newest of the round is the newest of the one before but one: that has just taken the mark over.
            var newest = TakeNewest();
            this[Count - cycle].Repeat(newest);
        }
    }

    private HopMark TakeNewest()
    {
        ref var place = ref this[Count - 1];
        var newest = place;
        place = default;
        Count--;
        _characters -= newest.Detail.Characters;
        return newest;
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

        var (marks, prints) = (new HopMark[_marks.Length * 2], new byte[_marks.Length * 2]);
        for (var i = 0; i < Count; i++)
        {
            (marks[i], prints[i]) = (this[i], _prints[PlaceOf(i)]);
        }

        (_marks, _prints, _first) = (marks, prints, 0);
    }

    private void RemoveOldest()
    {
        _characters -= this[0].Detail.Characters;
        this[0] = default;
        _first = PlaceOf(1);
        Count--;
    }
}
