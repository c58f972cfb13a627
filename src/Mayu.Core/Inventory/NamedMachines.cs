using System.Collections.Immutable;
using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;

namespace Mayu.Core.Inventory;

/// <summary>A host name and the address that it stands for.</summary>
/// <param name="Name">The host name: one DNS label in lower case.</param>
/// <param name="Address">The machine's internal address.</param>
public sealed record NamedMachine(string Name, Ipv4 Address);

/// <summary>
/// The host names of machines and their addresses, for name services. A name that would not be one machine's alone is nobody's: the wrong answer is worse than none.
/// Machines without an address have nothing to be found by.
/// </summary>
/// <param name="Machines">Those that can be named, by address.</param>
/// <param name="LeftOut">Why others cannot, a sentence each, in printable ASCII.</param>
public sealed record NamedMachines(ImmutableArray<NamedMachine> Machines, ImmutableArray<string> LeftOut)
{
    /// <summary>The longest domain name as text, without a dot at its end (RFC 1035 §2.3.4).</summary>
    public const int MaxDomainName = 253;

    private const string Loopback = "localhost";

    /// <summary>Of the machines that are meant.</summary>
    /// <param name="snapshot">All machines: another one may have a name, too.</param>
    /// <param name="selector">The machines that are meant.</param>
    /// <param name="domain">The domain that their names are in; null: none.</param>
    public static NamedMachines Of(ClusterSnapshot snapshot, Selector selector, string? domain)
    {
        var machines = ImmutableArray.CreateBuilder<NamedMachine>();
        var leftOut = ImmutableArray.CreateBuilder<string>();
        foreach (var machine in snapshot.Machines.Where(selector.Matches).OrderBy(machine => machine.Serial))
        {
            if (machine.InternalAddress is not { } address)
            {
                continue;
            }

            if (Obstacle(snapshot, machine, domain) is { } obstacle)
            {
                leftOut.Add($"machine {machine.Serial} ({address}): {obstacle}");
            }
            else
            {
                machines.Add(new NamedMachine(machine.Hostname!, address));
            }
        }

        machines.Sort((one, other) => one.Address.CompareTo(other.Address));
        return new NamedMachines(machines.ToImmutable(), leftOut.ToImmutable());
    }

    /// <summary>Whether the text is a domain that host names can be in: labels of RFC 1123 in lower case, with dots between them.</summary>
    public static bool IsDomain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= MaxDomainName && text.Split('.').All(Hostname.IsValid);
    }

    private static string? Obstacle(ClusterSnapshot snapshot, Machine machine, string? domain)
    {
        if (machine.Hostname is not { } name)
        {
            return "it has no host name";
        }

        // What is no host name may be any text: it is not repeated.
        return !Hostname.IsValid(name) ? "its host name is not a DNS label"
            : name == Loopback ? $"{Loopback} is every host's name for itself"
            : name.Length + 1 + (domain?.Length ?? 0) > MaxDomainName ? "its host name is too long for the domain"
            : snapshot.OwnersOfHostname(name) is { Count: > 1 } owners ? $"machine {Other(owners, machine.Serial)} has the host name {name}, too"
            : snapshot.TryFindOwner(machine.InternalAddress!.Value, out var owner) && owner.Serial != machine.Serial ? $"machine {owner.Serial} has its address, too"
            : null;
    }

    private static Serial Other(Owners owners, Serial own) => owners[0] == own ? owners[1] : owners[0];
}
