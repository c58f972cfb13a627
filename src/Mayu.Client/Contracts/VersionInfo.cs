using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/version</c>.</summary>
public sealed record VersionInfo
{
    /// <summary>The server's version (<c>0.1.0</c>).</summary>
    [AllowNull]
    public string Version { get; init => field = value ?? ""; } = "";
}
