using System.Collections.Frozen;
using System.Text;
using Mayu.Netboot.Leases;
using Mayu.Primitives;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// What dnsmasq is told of single clients (<c>dhcp-hostsfile</c>). Only numbers stand in it, and names that the operator's configuration
/// was checked for: nothing that a machine said of itself but its MAC, which is six bytes here.
/// </summary>
/// <remarks>
/// No line has a <c>set:</c> in it. dnsmasq 2.90 ties such a tag to those of the packet it fits, and frees them with it when it reads the file
/// again: it crashes at the second or third SIGHUP. A condition (<c>tag:</c>) is only looked at.
/// </remarks>
internal static class HostsFile
{
    /// <summary>The tag that the template gives boot loaders.</summary>
    public const string LoaderTag = "loader";

    /// <summary>The text of the file.</summary>
    /// <param name="leftAlone">Interfaces whose boot loaders are left alone; their systems are answered.</param>
    /// <param name="own">Interfaces whose systems have an address for good, which no boot loader is given; one that is reserved stands before it.</param>
    /// <param name="reservations">Clients with an address of their own.</param>
    /// <param name="ignored">Clients that are never answered.</param>
    public static string Render(
        IEnumerable<MacAddress> leftAlone, IEnumerable<(MacAddress Mac, Ipv4 Address)> own, IReadOnlyCollection<DhcpReservation> reservations, FrozenSet<MacAddress> ignored)
    {
        var reserved = reservations.Select(reservation => reservation.Mac).ToHashSet();
        var text = new StringBuilder();
        foreach (var mac in ignored.Order())
        {
            text.Append(mac.ToString()).Append(",ignore\n");
        }

        foreach (var mac in leftAlone.Where(mac => !ignored.Contains(mac)))
        {
            text.Append(mac.ToString()).Append(",tag:" + LoaderTag + ",ignore\n");
        }

        foreach (var (mac, address) in own.Where(own => !ignored.Contains(own.Mac) && !reserved.Contains(own.Mac)))
        {
            text.Append(mac.ToString()).Append(",tag:!" + LoaderTag + ",").Append(address.ToString()).Append('\n');
        }

        // A line with a condition stands before one without, whatever their order here.
        foreach (var reservation in reservations.Where(reservation => !ignored.Contains(reservation.Mac)).OrderBy(reservation => reservation.Mac))
        {
            text.Append(reservation.Mac.ToString());
            Append(text, reservation);
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>
    /// The same for a proxy, which answers boot loaders alone, has no addresses, and takes no <c>ignore</c> from here: the template has it ignore
    /// every client that stands in this file.
    /// </summary>
    public static string RenderForProxy(IEnumerable<MacAddress> leftAlone, FrozenSet<MacAddress> ignored) =>
        string.Concat(leftAlone.Concat(ignored).Distinct().Order().Select(mac => $"{mac}\n"));

    private static void Append(StringBuilder text, DhcpReservation reservation)
    {
        text.Append(',').Append(reservation.Address.ToString());
        // dnsmasq takes these words and numbers for something else, and knows no way to quote them.
        if (reservation.Hostname is { } hostname && char.IsAsciiLetter(hostname[0]) && hostname is not ("ignore" or "infinite"))
        {
            text.Append(',').Append(hostname);
        }
    }
}
