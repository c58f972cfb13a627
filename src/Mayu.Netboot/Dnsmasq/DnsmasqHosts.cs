using System.Diagnostics.CodeAnalysis;
using Mayu.Netboot.Dhcp;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// Tells dnsmasq of the machines' states by its hosts file, and has TFTP's links made. Where it may become the other one, server or proxy, the
/// file of that is kept as well, so that nothing has to be written when it does.
/// </summary>
/// <param name="folder">Where the files are.</param>
/// <param name="settings">Reservations, and clients that are ignored.</param>
/// <param name="machines">The planner.</param>
/// <param name="links">What TFTP serves; null where dnsmasq serves none.</param>
/// <param name="roles">As what it may run: whether as a proxy.</param>
internal sealed class DnsmasqHosts(DnsmasqFolder folder, DhcpSettings settings, IDnsmasqMachines machines, TftpLinks? links, IReadOnlyList<bool> roles)
{
    private readonly Dictionary<bool, string> _hosts = [];
    private object? _version;

    /// <summary>However many changes came since the last time: they are one file, and one signal.</summary>
    /// <param name="isNews">Whether dnsmasq must read its file again.</param>
    /// <param name="problem">Why it could not be told, as a sentence; null on success.</param>
    public bool TryUpdate(out bool isNews, [NotNullWhen(false)] out string? problem)
    {
        (isNews, problem) = (false, null);
        try
        {
            links?.Refresh();
            var version = machines.Version;
            if (ReferenceEquals(version, _version) && roles.All(isProxy => File.Exists(folder.HostsOf(isProxy))))
            {
                return true;
            }

            foreach (var isProxy in roles)
            {
                var hosts = isProxy
                    ? HostsFile.RenderForProxy(machines.UnansweredMacs(), settings.Ignored)
                    : HostsFile.Render(machines.UnansweredMacs(), settings.OwnAddresses ? machines.OwnAddresses() : [], settings.Reservations, settings.Ignored);
                if (_hosts.GetValueOrDefault(isProxy) != hosts || !File.Exists(folder.HostsOf(isProxy)))
                {
                    DnsmasqFolder.Write(folder.HostsOf(isProxy), hosts);
                    _hosts[isProxy] = hosts;
                    isNews = true;
                }
            }

            _version = version;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"the machines cannot be passed to dnsmasq: {e.Message}";
            return false;
        }
    }
}
