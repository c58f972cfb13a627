using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>One mark in a machine's boot trace, as it was when it was read.</summary>
public sealed class Hop
{
    private readonly HopMark _mark;

    internal Hop(in HopMark mark) => _mark = mark;

    /// <summary>The step.</summary>
    public HopKind Kind => _mark.Kind;

    /// <summary>From which MAC it was left; null where that is not known.</summary>
    public MacAddress? Mac => _mark.Mac;

    /// <summary>When, of a mark that was left several times the last time; of a download, when it moved on last.</summary>
    public DateTimeOffset At => _mark.At;

    /// <summary>When it was left first.</summary>
    public DateTimeOffset First => _mark.First;

    /// <summary>How often it was left, with the marks around it in the same order: 1 or more, and no more is counted than 2,147,483,647.</summary>
    public int Count => _mark.Count;

    /// <summary>What exactly, as half a sentence. Put into words at each call.</summary>
    public string Detail => _mark.Detail.ToString();

    /// <summary>How many bytes are done, where bytes flow.</summary>
    public long? Bytes => _mark.Bytes;

    /// <summary>Of how many.</summary>
    public long? Total => _mark.Total;

    /// <summary>How long it took so far, where that is known.</summary>
    public TimeSpan? Took => _mark.Took;

    /// <summary>What it is about, as far as it is one thing: a file's name.</summary>
    public string? Subject => _mark.Detail.Text;

    /// <summary>What an offer or a lease told the machine to load: a file's name or a URL; null where it told nothing.</summary>
    public string? BootFile => _mark.Detail.BootFile;

    /// <summary>The address that it speaks of, as an offer or a lease does; 0.0.0.0 for none.</summary>
    public Ipv4 Address => _mark.Detail.Address;

    /// <summary>Whether bytes flowed, and not all of them came through yet.</summary>
    public bool IsPartial => _mark.IsPartial;

    /// <summary>The step's name as it is written everywhere: lower case with hyphens.</summary>
    public string Name => NameOf(Kind);

    /// <summary>The name of a step.</summary>
    public static string NameOf(HopKind kind) => kind switch
    {
        HopKind.FirstStage => "first-stage",
        HopKind.OwnDisk => "own-disk",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
