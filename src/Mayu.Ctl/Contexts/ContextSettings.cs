namespace Mayu.Ctl.Contexts;

/// <summary>One server that <c>mayuctl</c> knows by a name. What is null comes from the environment or is the default.</summary>
internal sealed record ContextSettings
{
    /// <summary>The keys of a context in the file.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["server", "ca", "token_file", "cert"];

    /// <summary>URL of the server's API.</summary>
    public string? Server { get; init; }

    /// <summary>The server's CA certificate: a full path, or <c>system</c>.</summary>
    public string? Ca { get; init; }

    /// <summary>File with the operator's token: a full path.</summary>
    public string? TokenFile { get; init; }

    /// <summary>PEM file with the operator's client certificate and its key: a full path.</summary>
    public string? Certificate { get; init; }
}
