using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mayu.Ctl.CommandLine;

/// <summary>The flags of the first mayuctl, which scripts still have: help does not list them.</summary>
internal sealed class OldFlags
{
    private const int DefaultPort = 4080;
    private const string Loopback = "127.0.0.1";

    private readonly Option<string?> _host = new("--host") { Hidden = true, Recursive = true };
    private readonly Option<int?> _port = new("--port") { Hidden = true, Recursive = true };
    private readonly Option<bool> _noTls = new("--no-tls") { Hidden = true, Recursive = true };
    private readonly Option<bool> _verbose = new("--verbose") { Hidden = true, Recursive = true };

    /// <summary>Makes the flags with their checks.</summary>
    /// <param name="server">The flag in their place.</param>
    public OldFlags(Option server)
    {
        CommonOptions.Limit(_port, ushort.MaxValue);
        _host.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var host }] && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            {
                result.AddError($"--host '{host}' is not a host name or an address.");
            }
        });
        foreach (var flag in new Option[] { _host, _port, _noTls })
        {
            flag.Validators.Add(result =>
            {
                if (!result.Implicit && Root(result).GetResult(server) is { Implicit: false })
                {
                    result.AddError($"{flag.Name} and --server cannot go together: --server has the whole URL.");
                }
            });
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_host, _port, _noTls, _verbose];

    /// <summary>Whether to tell what happens behind.</summary>
    public bool IsVerbose(ParseResult parsed) => parsed.GetValue(_verbose);

    /// <summary>The URL that the flags mean; null where there are none.</summary>
    public string? Server(ParseResult parsed)
    {
        var (host, port, plain) = (parsed.GetValue(_host), parsed.GetValue(_port), parsed.GetValue(_noTls));
        return host is null && port is null && !plain
            ? null
            : new UriBuilder(plain ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, host ?? Loopback, port ?? DefaultPort).ToString();
    }

    private static SymbolResult Root(SymbolResult result) => result.Parent is { } parent ? Root(parent) : result;
}
