using System.Globalization;
using System.Text;

namespace Mayu.Core.Inventory;

/// <summary>Machines as lines of a hosts file: hosts(5), dnsmasq's <c>addn-hosts</c>.</summary>
public static class HostsFile
{
    /// <summary>Writes it.</summary>
    /// <param name="machines">The machines.</param>
    /// <param name="domain">The domain that their names are in; null: none.</param>
    public static string Write(NamedMachines machines, string? domain)
    {
        ArgumentNullException.ThrowIfNull(machines);
        var text = new StringBuilder("# The machines of Mayu. Changes made here are lost.\n");
        foreach (var machine in machines.Machines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{machine.Address} ");
            if (domain is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{machine.Name}.{domain} ");
            }

            text.Append(CultureInfo.InvariantCulture, $"{machine.Name}\n");
        }

        foreach (var reason in machines.LeftOut)
        {
            text.Append(CultureInfo.InvariantCulture, $"# left out: {reason}\n");
        }

        return text.ToString();
    }
}
