using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Provisioning;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Tests.Dnsmasq;

public sealed class DnsmasqConfigurationTests : IDisposable
{
    private const string Golden = "dnsmasq.conf.golden";

    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-dnsmasq-").FullName;

    private static DhcpSubnet Settings => DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 60));

    [Fact]
    public void The_configuration_does_what_the_builtin_server_does()
    {
        var settings = Settings with
        {
            Dhcp = new DhcpSettings
            {
                Authoritative = true,
                Options =
                [
                    new DhcpOptionSetting((DhcpOptionCode)43, [1, 2, 3]) { VendorClass = [.. "acme"u8] },
                    new DhcpOptionSetting((DhcpOptionCode)114, [.. "http://x"u8]) { Always = true },
                    new DhcpOptionSetting((DhcpOptionCode)19, [1]),
                ],
            },
        };

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dnsmasq", Golden)), Render(settings));
    }

    [Fact]
    public void A_proxy_beside_another_server_has_no_addresses()
    {
        var text = Render(Settings, isProxy: true);

        Assert.Contains("\ndhcp-range=set:net-0,10.0.0.0,proxy,255.255.255.0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("dhcp-lease-max", text, StringComparison.Ordinal);
        Check(text);
    }

    [Fact]
    public void Addresses_that_others_have_are_left_out_of_the_pool()
    {
        var network = Settings.Network with { Router = new Ipv4(0x0A000032), Dns = [new Ipv4(0x0A000035), new Ipv4(0x0A000036)], Ntp = [new Ipv4(0x0A00003C)] };

        Assert.Equal(["10.0.0.51-10.0.0.52", "10.0.0.55-10.0.0.59"], DnsmasqConfiguration.Pool(Settings with { Network = network }).Select(range => range.ToString()));
    }

    // The operator chooses these names freely; none of them may become a line, or an argument more.
    [Theory]
    [InlineData("br0,tag:x#")]
    [InlineData("b\"r\\0")]
    public void A_name_stays_one_value(string name)
    {
        var plain = Render(Settings with { Interface = "eth0" });
        var hostile = Render(Settings with { Interface = name });

        Assert.Equal(plain.Split('\n').Length, hostile.Split('\n').Length);
        var quoted = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        Assert.Contains($"\ninterface=\"{quoted}\"\n", hostile, StringComparison.Ordinal);
        Check(hostile);
    }

    [Fact]
    public void A_line_break_in_a_value_ends_the_rendering()
    {
        var error = Assert.Throws<TemplateException>(() => Render(Settings with { Interface = "br0\nconf-script=/tmp/x" }));

        Assert.Contains("control character", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("conf-script", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_without_the_encoder_ends_the_rendering()
    {
        File.WriteAllText(Path.Combine(_directory, DnsmasqConfiguration.Template), "port=0\n{{ for name in interfaces }}\ninterface={{ name }}\n{{ end }}\n");

        var error = Assert.Throws<TemplateException>(() => Render(Settings with { Interface = "br0,x" }));

        Assert.Contains($"{DnsmasqConfiguration.Template}, line 3, column 14: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("| dnsmasq", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dnsmasq_takes_the_configuration_and_names_the_line_of_a_wrong_one()
    {
        Check(Render(Settings));
        var wrong = Path.Combine(_directory, "wrong.conf");
        File.WriteAllText(wrong, "port=0\nno-such-thing=1\n");

        Assert.Equal("line 2: bad option: no-such-thing=1", Program().Check(wrong));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Render(DhcpSubnet settings, bool isProxy = false) => Render(new DnsmasqPlan { Subnets = [settings] }, isProxy);

    private string Render(DnsmasqPlan plan, bool isProxy = false) => DnsmasqConfiguration.Render(
        new TemplateRenderer(new TemplateLibrary(new TestTemplates(_directory))), plan, isProxy, new DnsmasqFolder("/var/lib/mayu data/dnsmasq"));

    private void Check(string text)
    {
        var file = Path.Combine(_directory, "dnsmasq.conf");
        File.WriteAllText(file, text);
        Assert.Null(Program().Check(file));
    }

    private static DnsmasqProgram Program()
    {
        var found = DnsmasqProgram.TryFind(new DnsmasqSettings { Program = "dnsmasq", User = "nobody", Folder = "/nowhere" }, out var program, out var problem);
        Assert.True(found, problem);
        return program!;
    }
}
