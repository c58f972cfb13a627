using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Server.Configuration;
using Mayu.Server.Http;

namespace Mayu.Server.Api.Doctor;

/// <summary>The ports: the server has taken all that it needs, or it would not run.</summary>
internal sealed class PortsCheck(MayuConfiguration configuration) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "ports";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        if (OpenFiles.Trouble is { } tooFew)
        {
            findings.Warn(tooFew);
        }

        return Task.FromResult($"the server has {string.Join(", ", Ports())}");
    }

    private IEnumerable<string> Ports()
    {
        var netboot = configuration.Netboot;
        if (netboot.Engine != EngineKind.External)
        {
            yield return netboot.Dhcp.Mode == DhcpMode.Proxy ? "67/udp and 4011/udp (proxyDHCP)" : "67/udp and 4011/udp (DHCP)";
            if (netboot.Tftp.IsEnabled)
            {
                yield return "69/udp (TFTP)";
            }
        }

        yield return $"{netboot.BootPort}/tcp (machines)";
        yield return $"{configuration.ApiPort}/tcp (API)";
        if (netboot.Syslog.IsEnabled)
        {
            yield return $"{netboot.Syslog.Port}/udp (syslog)";
        }
    }
}
