namespace Mayu.Server.Configuration.Settings;

/// <summary>How the etcd members of a new cluster find each other.</summary>
internal sealed record EtcdDiscoverySettings
{
    /// <summary>The members of the smallest cluster that survives the loss of one.</summary>
    public const int DefaultSize = 3;

    /// <summary>The largest cluster, in members. etcd's own advice is at most 7.</summary>
    public const int MaxSize = 32;

    /// <summary>The override by which a machine has a token of its own.</summary>
    public const string Override = "etcd_token";

    /// <summary>The length of a token, hexadecimal digits: 128 random bits.</summary>
    public const int TokenLength = 32;

    /// <summary>Whether the boot port serves discovery.</summary>
    public bool IsServed { get; init; } = true;

    /// <summary>How many members a new cluster has, 1 to <see cref="MaxSize"/>.</summary>
    public int Size { get; init; } = DefaultSize;

    /// <summary>The token of machines whose profile has none; null: Mayu makes it.</summary>
    public string? Token { get; init; }

    /// <summary>Another discovery service, without a final slash; null: Mayu's own.</summary>
    public string? Url { get; init; }

    /// <summary>Whether a text is a token: lower-case hexadecimal digits.</summary>
    public static bool IsToken(string text) => text.Length == TokenLength && text.All(char.IsAsciiHexDigitLower);
}
