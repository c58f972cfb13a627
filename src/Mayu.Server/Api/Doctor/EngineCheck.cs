using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Server.Api.Status;

namespace Mayu.Server.Api.Doctor;

/// <summary>What answers DHCP and TFTP.</summary>
internal sealed class EngineCheck(NetbootSettings settings, EngineStatus engine) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "engine";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        if (engine.Trouble is { } trouble)
        {
            findings.Error(trouble, "`mayuctl explain MAC` shows what a machine would be answered, and the server's log what happened.");
        }

        foreach (var remark in engine.AnswerRemarks)
        {
            findings.Warn(remark);
        }

        return Task.FromResult(settings.Engine == EngineKind.External
            ? "another program answers DHCP and TFTP (engine: external)"
            : $"engine {settings.Engine.ToString().ToLowerInvariant()} answers {DhcpOf(settings.Dhcp.Mode)}{(settings.Tftp.IsEnabled ? " and TFTP" : "")}");
    }

    private static string DhcpOf(DhcpMode mode) => mode switch
    {
        DhcpMode.Proxy => "proxyDHCP",
        DhcpMode.Auto => "DHCP or proxyDHCP",
        _ => "DHCP",
    };
}
