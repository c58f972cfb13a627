using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Dnsmasq;

public sealed class DnsmasqHostsTests : IDisposable
{
    private static readonly MacAddress Mac = MacAddress.FromOctets([2, 0, 0, 0, 0, 1]);

    private readonly DnsmasqFolder _folder = new(Directory.CreateTempSubdirectory("mayu-dnsmasq-").FullName);
    private readonly FakeMachines _machines = new();

    // Nothing may have to be written when it becomes the other one: the disk may be full just then.
    [Fact]
    public void What_may_become_the_other_one_has_the_files_of_both()
    {
        var told = Told(false, true);
        Assert.True(told.TryUpdate(out var isNews, out _));
        Assert.True(isNews);

        _machines.Change(Mac);
        Assert.True(told.TryUpdate(out isNews, out _));

        Assert.True(isNews);
        Assert.Equal($"{Mac},tag:loader,ignore\n", File.ReadAllText(_folder.HostsOf(isProxy: false)));
        Assert.Equal($"{Mac}\n", File.ReadAllText(_folder.HostsOf(isProxy: true)));
    }

    [Fact]
    public void A_change_that_does_not_concern_dnsmasq_is_no_news()
    {
        var told = Told(true);
        told.TryUpdate(out _, out _);

        _machines.Change();
        Assert.True(told.TryUpdate(out var isNews, out _));

        Assert.False(isNews);
        Assert.False(File.Exists(_folder.HostsOf(isProxy: false)));
    }

    [Fact]
    public void What_could_not_be_written_is_tried_again()
    {
        var told = Told(false);
        Directory.Delete(_folder.Path);
        Assert.False(told.TryUpdate(out _, out var problem));
        Assert.StartsWith("the machines cannot be passed to dnsmasq: ", problem, StringComparison.Ordinal);

        Directory.CreateDirectory(_folder.Path);
        Assert.True(told.TryUpdate(out var isNews, out _));

        Assert.True(isNews);
    }

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    private DnsmasqHosts Told(params bool[] roles) => new(
        _folder, new DhcpSettings(), _machines, links: null, roles);

    private sealed class FakeMachines : IDnsmasqMachines
    {
        private MacAddress[] _leftAlone = [];

        public object Version { get; private set; } = new();

        public IEnumerable<MacAddress> UnansweredMacs() => _leftAlone;

        public IEnumerable<(MacAddress Mac, Ipv4 Address)> OwnAddresses() => [];

        public void Change(params MacAddress[] leftAlone) => (_leftAlone, Version) = (leftAlone, new object());
    }
}
