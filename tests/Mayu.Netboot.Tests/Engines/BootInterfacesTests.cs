using Mayu.Core.Addresses;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Engines;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Engines;

/// <summary>What the configuration says of interfaces and addresses, against those of this host.</summary>
public class BootInterfacesTests
{
    private const string NoSuchInterface = "there is no interface \"eth77\"";
    private static readonly Ipv4 Own = Ipv4.Of(127, 0, 0, 1);
    private static readonly Ipv4 Foreign = Ipv4.Of(192, 0, 2, 1);

    [Fact]
    public void An_engine_that_answers_gets_the_interface_that_has_the_address()
    {
        foreach (var engine in new[] { EngineKind.Builtin, EngineKind.Dnsmasq })
        {
            Assert.True(BootInterfaces.TryFind(Settings(engine, "lo", Own), out var main, out var problem));
            Assert.Equal(("lo", Own), (main!.Name, main.Address));
            Assert.Null(problem);

            AssertProblem("network.interface: " + NoSuchInterface, Settings(engine, "eth77", Own));
            AssertProblem("network.address: interface \"lo\" does not have the address 192.0.2.1", Settings(engine, "lo", Foreign));
        }
    }

    [Fact]
    public void An_engine_that_answers_needs_the_interface_of_each_segment_and_not_those_of_relays()
    {
        Assert.True(BootInterfaces.TryFind(Settings(EngineKind.Builtin, "lo", Own, Subnet("lo", Own), Subnet("eth77", Foreign, Foreign)), out _, out _));
        AssertProblem("network.segments[].interface: " + NoSuchInterface, Settings(EngineKind.Builtin, "lo", Own, Subnet("eth77", Own)));
        AssertProblem("network.segments[].address: interface \"lo\" does not have", Settings(EngineKind.Builtin, "lo", Own, Subnet("lo", Foreign)));
    }

    [Fact]
    public void Beside_another_pxe_environment_the_address_may_be_on_any_interface()
    {
        foreach (var nic in new[] { null, "lo" })
        {
            Assert.True(BootInterfaces.TryFind(Settings(EngineKind.External, nic, Own), out var main, out var problem));
            Assert.Null(main);
            Assert.Null(problem);
        }

        AssertProblem("network.address: no interface of this host has the address 192.0.2.1", Settings(EngineKind.External, nic: null, Foreign));
        AssertProblem("network.interface: " + NoSuchInterface, Settings(EngineKind.External, "eth77", Own));
    }

    [Fact]
    public void Beside_another_pxe_environment_the_address_of_each_segment_is_this_hosts_and_its_interface_is_there_where_one_is_named()
    {
        Assert.True(BootInterfaces.TryFind(
            Settings(EngineKind.External, nic: null, Own, Subnet("", Own), Subnet("lo", Own), Subnet("eth77", Foreign, Foreign)), out _, out _));
        AssertProblem("network.segments[].address: no interface of this host has the address 192.0.2.1", Settings(EngineKind.External, nic: null, Own, Subnet("", Foreign)));
        AssertProblem("network.segments[].interface: " + NoSuchInterface, Settings(EngineKind.External, nic: null, Own, Subnet("eth77", Own)));
        AssertProblem("network.segments[].interface: " + NoSuchInterface, Settings(EngineKind.External, "lo", Own, Subnet("eth77", Own)));
    }

    private static void AssertProblem(string start, NetbootSettings settings)
    {
        Assert.False(BootInterfaces.TryFind(settings, out _, out var problem));
        Assert.StartsWith(start, problem, StringComparison.Ordinal);
    }

    private static NetbootSettings Settings(EngineKind engine, string? nic, Ipv4 address, params BootSubnet[] subnets) => new()
    {
        Engine = engine,
        Interface = nic,
        Network = Plan(address),
        Subnets = [.. subnets],
        Dnsmasq = new DnsmasqSettings { Program = "dnsmasq", User = "nobody", Folder = "/nowhere" },
        LeasesDirectory = "/nowhere",
        BootPort = 4081,
    };

    private static BootSubnet Subnet(string nic, Ipv4 address, params Ipv4[] relays) => new() { Interface = nic, Network = Plan(address), Relays = [.. relays] };

    private static NetworkPlan Plan(Ipv4 address) => new()
    {
        Subnet = Ipv4Subnet.TryParse("127.0.0.0/8", out var subnet) ? subnet! : throw new InvalidOperationException(),
        ServerAddress = address,
    };
}
