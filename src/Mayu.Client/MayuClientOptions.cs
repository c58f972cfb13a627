using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client;

/// <summary>How the API is reached.</summary>
public sealed record MayuClientOptions
{
    /// <summary>Says instead of a CA file: trust the authorities that this system trusts.</summary>
    public const string SystemAuthorities = "system";

    /// <summary>The server as the operator wrote it.</summary>
    /// <value><c>https://127.0.0.1:4080</c></value>
    public string Server { get; init; } = "https://127.0.0.1:4080";

    /// <summary>PEM file of the one authority that is trusted to have signed the server's certificate, or <see cref="SystemAuthorities"/>.</summary>
    /// <value><c>/var/lib/mayu/keys/ca.pem</c>, where the server puts its own</value>
    public string CaFile { get; init; } = "/var/lib/mayu/keys/ca.pem";

    /// <summary>File that holds the operator's token. Not read when <see cref="Token"/> is set.</summary>
    /// <value><c>/var/lib/mayu/keys/operator-token</c>, where the server puts its own</value>
    public string TokenFile { get; init; } = "/var/lib/mayu/keys/operator-token";

    /// <summary>The operator's token itself, or null to read the file.</summary>
    public string? Token { get; init; }

    /// <summary>Whether no token is read or sent.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>PEM file with a client certificate and its private key, which the server may take in the place of a token; null: none is shown.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Time for one request, from connecting to the last byte of the answer, with all its tries and the pauses between them.</summary>
    /// <value>10 s</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a request is sent at most, 1 or more. It is sent again if no connection could be made or the connection was lost, and after 429, 502, 503 and 504.
    /// A change has an Idempotency-Key, so that it is made once.
    /// </summary>
    /// <value>3</value>
    public int Tries { get; init; } = 3;

    /// <summary>The pause before the second try, give or take a half; each further one is three times as long. A longer Retry-After of the server counts.</summary>
    /// <value>0.2 s</value>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>Makes the connections, for a server that is not reached in the ordinary way; null for the ordinary way.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect { get; init; }

    /// <summary>Gets a line for each request and each answer, without secrets; null for none.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Reads <see cref="Server"/>: http or https, with neither a user nor a query.</summary>
    /// <param name="url">The URL; its path ends in a slash.</param>
    public bool TryGetUrl([NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(Server.TrimEnd('/') + "/", UriKind.Absolute, out url) && url is { Scheme: "https" or "http", UserInfo: "", Query: "" };

    /// <summary>Whether a token would cross a network unencrypted: plain HTTP to another host. Whoever sees its packets has the token then.</summary>
    public bool ExposesToken => !IsAnonymous && TryGetUrl(out var url) && url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback;

    /// <summary>Prints the options without the token.</summary>
    public override string ToString() => $"{Server} (CA {CaFile})";
}
