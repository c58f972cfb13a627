using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Lab.Tests;

public class LabServerConfigTests
{
    private static readonly LabServerOptions Options = new() { Mayu = "/m", Mayuctl = "/c", Images = "/lab/images" };

    [Fact]
    public void The_network_of_the_rack_is_what_the_server_serves()
    {
        var text = LabServerConfig.Write(new RackOptions(), Options, "/work/var", "/scratch");

        Assert.Contains("  interface: br0\n  address: 10.77.0.1\n  subnet: 10.77.0.0/24\n", text);
        Assert.Contains("  bootstrap_range: {start: 10.77.0.100, end: 10.77.0.199}\n", text);
        Assert.Contains("  internal_range: {start: 10.77.0.10, end: 10.77.0.99}\n", text);
        Assert.Contains("data_dir: '/work/var'\ntemplates_dir: '/work/var/templates'\nimages_dir: '/lab/images'\n", text);
    }

    [Fact]
    public void The_engine_of_the_rack_is_told_with_what_it_needs()
    {
        string Write(LabEngine engine) => LabServerConfig.Write(new RackOptions(), Options with { Engine = engine }, "/work/var", "/scratch");

        Assert.Contains("engine: builtin\n", Write(LabEngine.Builtin));
        Assert.Contains("engine: dnsmasq\n", Write(LabEngine.Dnsmasq));
        Assert.Contains("dnsmasq: {folder: '/scratch/dnsmasq'}\n", Write(LabEngine.Dnsmasq));
        Assert.Contains("engine: external\n", Write(LabEngine.External));
        Assert.DoesNotContain("bootstrap_range", Write(LabEngine.External));
    }

    [Fact]
    public void Profiles_come_in_their_order_with_what_they_have()
    {
        var text = LabServerConfig.Write(new RackOptions(), Options with { Profiles = [.. Options.Profiles, new LabProfile { Name = "x", Image = "y" }] }, "/work/var", "/scratch");

        Assert.EndsWith("  - {name: core, quantity: 2, tags: [role=core]}\n  - {name: default}\n  - {name: x, image: y}\n", text);
    }

    [Fact]
    public void A_quote_in_a_folder_name_stays_inside_its_scalar() =>
        Assert.Contains("data_dir: '/it''s'\n", LabServerConfig.Write(new RackOptions(), Options, "/it's", "/scratch"));

    [Fact]
    public void Further_words_of_the_kernel_line_stand_behind_the_labs_own() =>
        Assert.Contains("no_timer_check, 'a#b', 'c''d']\n", LabServerConfig.Write(new RackOptions(), Options with { KernelArguments = ["a#b", "c'd"] }, "/work/var", "/scratch"));

    [Fact]
    public void Infopusher_is_named_only_where_there_is_one()
    {
        Assert.DoesNotContain("hostinfo_helper", LabServerConfig.Write(new RackOptions(), Options, "/work/var", "/scratch"));
        Assert.Contains("hostinfo_helper: '/i'\n", LabServerConfig.Write(new RackOptions(), Options with { InfoPusher = "/i" }, "/work/var", "/scratch"));
    }
}
