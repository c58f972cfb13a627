namespace Mayu.Client;

/// <summary>What a client sees of a server that answers, without a token.</summary>
public sealed record ServerInspection
{
    /// <summary>How long a request took, with the connection.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>The server's clock when it answered, to the second; null where it does not tell.</summary>
    public DateTimeOffset? Clock { get; init; }

    /// <summary>When the server's certificate ends; null with plain HTTP.</summary>
    public DateTimeOffset? CertificateEnds { get; init; }
}
