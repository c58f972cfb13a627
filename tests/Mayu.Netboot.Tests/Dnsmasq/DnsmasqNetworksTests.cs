using System.Collections.Frozen;
using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Provisioning;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Tests.Dnsmasq;

/// <summary>Loaders, quirks and several networks in the words of dnsmasq; what real clients get by them is tested with a real one.</summary>
public sealed class DnsmasqNetworksTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-dnsmasq-").FullName;

    /// <summary>A network with other loaders than usual, and quirks.</summary>
    internal static readonly DhcpSubnet Main = DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 60)) with
    {
        Pxe = new PxeSettings
        {
            Loader = BootLoader.Grub,
            Architectures =
            [
                new ArchitectureSetting(ClientArchitecture.BiosX86, BootLoader.Pxelinux, "lpxelinux.0"),
                new ArchitectureSetting(ClientArchitecture.UefiArm64, BootLoader.Ipxe, null),
            ],
            Quirks =
            [
                new PxeQuirk { Oui = 0xB827EB, Architecture = ClientArchitecture.BiosX86, Treat = ClientArchitecture.UefiArm64 },
                new PxeQuirk { VendorClass = [.. "PXEClient:Arch:00007:UNDI:003016"u8], MaximumBlockSize = 1024, OmittedOptions = [DhcpOptionCode.VendorSpecific] },
                new PxeQuirk { VendorClass = [.. "x"u8], OmittedOptions = [DhcpOptionCode.Etherboot, DhcpOptionCode.VendorClassIdentifier] },
                new PxeQuirk { Oui = 0x002590, File = "ipxe.efi" },
            ],
        },
        // To dnsmasq the first are addresses, the second a text, and the third anything.
        Dhcp = new DhcpSettings
        {
            Authoritative = true,
            Options =
            [
                new DhcpOptionSetting((DhcpOptionCode)150, [10, 0, 0, 9, 10, 0, 0, 8]),
                new DhcpOptionSetting((DhcpOptionCode)17, [.. "nfs:/x,\"y"u8]),
                new DhcpOptionSetting((DhcpOptionCode)224, [.. "hex"u8]),
            ],
        },
    };

    [Fact]
    public void Several_networks_loaders_and_quirks_are_said_by_tags()
    {
        var text = Render(Networks());

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dnsmasq", "dnsmasq-networks.conf.golden")), text);
        Check(text);
    }

    [Fact]
    public void A_proxy_speaks_for_each_interface_by_its_own_address()
    {
        var text = Render(Networks() with { Subnets = [Main, Segment("eth2", 1)] }, isProxy: true);

        Assert.Contains("\ndhcp-range=set:net-0,10.0.0.0,proxy,255.255.255.0\ndhcp-range=set:net-1,10.0.1.0,proxy,255.255.255.0\n", text, StringComparison.Ordinal);
        Assert.Contains("\ndhcp-boot=tag:link-1,tag:script,\"http://10.0.1.1:4081/ipxebootscript\",,10.0.1.1\n", text, StringComparison.Ordinal);
        Check(text);
    }

    // By the interface's name it would call itself by the interface's first address.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_interface_with_an_earlier_address_is_said_by_ours(bool isProxy)
    {
        var text = Render(new DnsmasqPlan { Subnets = [Main, Segment("eth2", 1)], LaterAddresses = [Address(1, 1)] }, isProxy);

        Assert.Contains("\ninterface=\"eth0\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nlisten-address=10.0.1.1\nbind-interfaces\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("interface=\"eth2\"", text, StringComparison.Ordinal);
        Check(text);
    }

    // It has to say which it means; a line would have dnsmasq give its clients addresses of any.
    [Fact]
    public void A_relay_of_several_networks_shares_none()
    {
        var relays = new[] { Address(9, 1) }.ToFrozenSet();
        var text = Render(new DnsmasqPlan { Subnets = [Main, Segment("eth0", 2) with { Relays = relays }, Segment("eth0", 3) with { Relays = relays }] });

        Assert.DoesNotContain("shared-network", text, StringComparison.Ordinal);
        Check(text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_mayu_asks_other_servers_is_not_answered(bool isProxy)
    {
        var text = Render(new DnsmasqPlan { Subnets = [Main], OwnMacs = [MacAddress.FromOctets([2, 0, 0, 0, 0, 1])] }, isProxy);

        Assert.Contains("\ndhcp-mac=set:mayu,02:00:00:00:00:01\ndhcp-ignore=tag:mayu\n", text, StringComparison.Ordinal);
        Check(text);
    }

    [Fact]
    public void Tftp_has_the_limits_of_the_configuration_or_is_left_to_us()
    {
        var own = Render(new DnsmasqPlan { Subnets = [Main], Tftp = new TftpSettings { SinglePort = true, MaximumBlockSize = 1024, MaximumTransfers = 7 } });
        var ours = Render(new DnsmasqPlan { Subnets = [Main], Tftp = null });

        Assert.EndsWith("\ntftp-max=7\ntftp-single-port\ntftp-mtu=1056\n", own, StringComparison.Ordinal);
        Assert.DoesNotContain("tftp", ours.Replace("dnsmasq/tftp", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Check(own);
        Check(ours);
    }

    [Fact]
    public void Dnsmasq_serves_tftp_as_long_as_machines_load_the_usual_ipxe()
    {
        Assert.False(DnsmasqPlan.NeedsOurTftp(new PxeSettings()));
        Assert.False(DnsmasqPlan.NeedsOurTftp(new PxeSettings { Quirks = [new PxeQuirk { Oui = 1, Treat = ClientArchitecture.UefiX64 }] }));
        Assert.True(DnsmasqPlan.NeedsOurTftp(new PxeSettings { Loader = BootLoader.Shim }));
        Assert.True(DnsmasqPlan.NeedsOurTftp(new PxeSettings { Architectures = [new ArchitectureSetting(ClientArchitecture.BiosX86, BootLoader.Pxelinux, null)] }));
        Assert.True(DnsmasqPlan.NeedsOurTftp(new PxeSettings { Architectures = [new ArchitectureSetting(ClientArchitecture.UefiX64, null, "grubx64.efi")] }));
        Assert.True(DnsmasqPlan.NeedsOurTftp(new PxeSettings { Quirks = [new PxeQuirk { Oui = 1, MaximumBlockSize = 512 }] }));
        Assert.True(DnsmasqPlan.NeedsOurTftp(new PxeSettings { Quirks = [new PxeQuirk { Oui = 1, File = "grubx64.efi" }] }));
    }

    // A vendor class, a file and a domain are the operator's; none of them may become a line, or an argument more.
    [Fact]
    public void No_value_of_the_operator_becomes_a_line_of_its_own()
    {
        const string Evil = "x,tag:y#\"\\z";
        var evil = Main with
        {
            Network = Main.Network with { Domain = Evil },
            Pxe = new PxeSettings { Quirks = [new PxeQuirk { VendorClass = [.. "a\nb,#\""u8], File = Evil }] },
            Dhcp = Main.Dhcp with { Options = [new DhcpOptionSetting((DhcpOptionCode)224, [.. "\nport=53"u8]) { VendorClass = [.. "c,\nd"u8] }] },
        };
        var tame = evil with
        {
            Network = Main.Network with { Domain = "x" },
            Pxe = new PxeSettings { Quirks = [new PxeQuirk { VendorClass = [.. "a"u8], File = "x" }] },
            Dhcp = Main.Dhcp with { Options = [new DhcpOptionSetting((DhcpOptionCode)224, [1, 2]) { VendorClass = [.. "c"u8] }] },
        };

        var (evilText, tameText) = (Render(new DnsmasqPlan { Subnets = [evil] }), Render(new DnsmasqPlan { Subnets = [tame] }));

        Assert.Equal(tameText.Split('\n').Length, evilText.Split('\n').Length);
        Assert.Contains("set:quirk-0-class,60,61:0a:62:2c:23:22\n", evilText, StringComparison.Ordinal);
        Check(evilText);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static DnsmasqPlan Networks() => new()
    {
        Subnets =
        [
            Main,
            Segment("eth2", 1) with
            {
                Dhcp = Main.Dhcp with { Options = [new DhcpOptionSetting((DhcpOptionCode)150, [10, 0, 1, 9]) { VendorClass = [.. "acme"u8], Always = true }, .. Main.Dhcp.Options] },
            },
            Segment("eth0", 2) with { BootUrl = Main.BootUrl, Relays = new[] { Address(2, 55) }.ToFrozenSet(), Network = Segment("eth0", 2).Network with { ServerAddress = Main.Network.ServerAddress } },
            Segment("eth2", 3) with { Relays = new[] { Address(9, 1) }.ToFrozenSet(), Network = Segment("eth2", 3).Network with { ServerAddress = Address(1, 1), Router = null } },
        ],
        Tftp = null,
    };

    private static DhcpSubnet Segment(string nic, byte number) => Main with
    {
        Interface = nic,
        BootUrl = $"http://10.0.{number}.1:4081",
        Network = Main.Network with
        {
            Subnet = Ipv4Subnet.TryParse($"10.0.{number}.0/24", out var subnet) ? subnet! : throw new InvalidOperationException(),
            ServerAddress = Address(number, 1),
            BootstrapRange = new Ipv4Range(Address(number, 50), Address(number, 60)),
            Router = Address(number, 254),
        },
    };

    private static Ipv4 Address(byte subnet, byte host) => new(0x0A000000u + (256u * subnet) + host);

    private string Render(DnsmasqPlan plan, bool isProxy = false) => DnsmasqConfiguration.Render(
        new TemplateRenderer(new TemplateLibrary(new TestTemplates(_directory))), plan, isProxy, new DnsmasqFolder("/var/lib/mayu/dnsmasq"));

    private void Check(string text)
    {
        var file = Path.Combine(_directory, "dnsmasq.conf");
        File.WriteAllText(file, text);
        Assert.True(DnsmasqProgram.TryFind(new DnsmasqSettings { Program = "dnsmasq", User = "nobody", Folder = "/nowhere" }, out var program, out var problem), problem);
        Assert.Null(program.Check(file));
    }
}
