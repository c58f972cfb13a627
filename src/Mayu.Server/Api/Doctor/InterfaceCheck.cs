using Mayu.Linux.Sockets;
using Mayu.Netboot.Engines;

namespace Mayu.Server.Api.Doctor;

/// <summary>The interfaces that machines boot from: there, up, with the address, and with a cable.</summary>
internal sealed class InterfaceCheck(NetbootSettings settings) : IDoctorCheck
{
    /// <inheritdoc/>
    public string Id => "interfaces";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        if (!BootInterfaces.TryFind(settings, out _, out var problem))
        {
            findings.Error(problem);
        }

        var names = settings.Subnets.Where(subnet => subnet.Relays.IsEmpty).Select(subnet => subnet.Interface).Prepend(settings.Interface).OfType<string>().Where(name => name.Length > 0).Distinct().ToList();
        foreach (var name in names.Where(name => InterfaceState.IsUp(name) && !InterfaceState.HasCarrier(name)))
        {
            findings.Warn($"the interface {name} has no carrier: no packet leaves it", "Plug in the cable, or check the switch port. A bridge needs a port that is up.");
        }

        return Task.FromResult(names.Count == 0
            ? $"this host has {string.Join(", ", settings.BootAddresses)}"
            : $"{string.Join(", ", names)} up, with {string.Join(", ", settings.BootAddresses)}");
    }
}
