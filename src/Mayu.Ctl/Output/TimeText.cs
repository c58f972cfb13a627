namespace Mayu.Ctl.Output;

/// <summary>Times for people: how long ago on a terminal, RFC 3339 in UTC where a program may read it.</summary>
/// <param name="isRelative">Whether to tell how long ago.</param>
/// <param name="now">Now.</param>
internal sealed class TimeText(bool isRelative, DateTimeOffset now)
{
    /// <summary>The time in words, or null.</summary>
    public string? Format(DateTimeOffset? time) => time switch
    {
        null => null,
        { } at when isRelative => Age(now - at),
        { } at => Exact(at),
    };

    /// <summary>RFC 3339 in UTC, to the second.</summary>
    public static string Exact(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private static string Age(TimeSpan age) => age switch
    {
        // The server's clock may be a little ahead of ours.
        { TotalSeconds: < 1 } => "now",
        { TotalMinutes: < 1 } => $"{(int)age.TotalSeconds}s ago",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes}m{age.Seconds:00}s ago",
        { TotalDays: < 1 } => $"{(int)age.TotalHours}h{age.Minutes:00}m ago",
        _ => $"{(int)age.TotalDays}d{age.Hours}h ago",
    };
}
