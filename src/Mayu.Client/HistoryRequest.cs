using Mayu.Client.Requests;

namespace Mayu.Client;

/// <summary>Which changes are asked for. What is null asks for nothing.</summary>
public sealed record HistoryRequest
{
    /// <summary>Of this machine.</summary>
    public string? Serial { get; init; }

    /// <summary>At this moment or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>By this author, exactly (<c>operator</c>, <c>machine abc</c>).</summary>
    public string? Who { get; init; }

    /// <summary>That changed this field of the record (<c>State</c>).</summary>
    public string? Field { get; init; }

    /// <summary>Older than this change: the cursor of the last one of a former answer, or an id.</summary>
    public string? Before { get; init; }

    /// <summary>Tell the fields too.</summary>
    public bool Fields { get; init; }

    /// <summary>Most changes that are returned, 1 to 10000.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>The request's path and query.</summary>
    internal string ToPath() => QueryText.Of(
        "api/v1/history",
        ("limit", Limit.ToString()),
        ("serial", Serial),
        ("since", QueryText.Of(Since)),
        ("until", QueryText.Of(Until)),
        ("who", Who),
        ("field", Field),
        ("before", Before),
        ("fields", Fields ? "true" : null));
}
