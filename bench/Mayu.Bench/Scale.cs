namespace Mayu.Bench;

/// <summary>How much is measured.</summary>
internal enum Scale
{
    /// <summary>So little that only the measuring program itself gets warm; nothing of it is counted.</summary>
    WarmUp,

    /// <summary>Enough to see that it works; the figures say little.</summary>
    Quick,

    /// <summary>What may be quoted.</summary>
    Full,
}
