namespace Mayu.InfoPusher.Push;

/// <summary>How a push ended.</summary>
internal enum PushOutcome
{
    /// <summary>The server took the facts and gave a config.</summary>
    Accepted,

    /// <summary>The server refused for good.</summary>
    Refused,

    /// <summary>The server could not be reached, or failed, at every try.</summary>
    Unreachable,
}
