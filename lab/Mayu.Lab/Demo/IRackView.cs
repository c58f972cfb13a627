namespace Mayu.Lab.Demo;

/// <summary>Shows how far the machines are.</summary>
internal interface IRackView
{
    /// <summary>Shows until the token ends it; <paramref name="next"/> yields the lines of now.</summary>
    Task WatchAsync(Func<Task<IReadOnlyList<MachineLine>?>> next);
}
