using Mayu.Core.Addresses;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Dnsmasq;

/// <summary>Lines as dnsmasq 2.90 writes its file of leases.</summary>
public sealed class DnsmasqLeasesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Leases_are_counted_in_the_pool_that_they_are_of()
    {
        File.WriteAllText(_file, """
            1764400000 02:00:00:00:00:01 10.0.0.50 vm-001 01:02:00:00:00:00:01
            1764400000 02:00:00:00:00:02 10.0.0.59 * *
            1764400000 02:00:00:00:00:03 10.0.1.100 * *
            1764400000 02:00:00:00:00:04 10.9.9.9 * *

            """);

        Assert.Equal(
            [("10.0.0.0/24", 2, 8, 0L), ("10.0.1.0/24", 1, 1, 0L)],
            Read(Subnet("10.0.0.0/24", 50, 59), Subnet("10.0.1.0/24", 100, 101)));
    }

    [Fact]
    public void What_dnsmasq_never_leases_is_not_free()
    {
        File.WriteAllText(_file, "");

        // This server has 10.0.0.1.
        Assert.Equal([("10.0.0.0/24", 0, 9, 1L)], Read(Subnet("10.0.0.0/24", 1, 10)));
    }

    [Fact]
    public void A_line_that_is_no_lease_is_passed_over()
    {
        File.WriteAllText(_file, "duid 00:01:00:01\nnonsense\n1764400000 02:00:00:00:00:01 nowhere * *\n1764400000 02:00:00:00:00:01 10.0.0.50\n");

        Assert.Equal([("10.0.0.0/24", 1, 9, 0L)], Read(Subnet("10.0.0.0/24", 50, 59)));
    }

    [Fact]
    public void Without_a_file_nothing_is_leased_yet()
    {
        File.Delete(_file);

        Assert.Equal([("10.0.0.0/24", 0, 10, 0L)], Read(Subnet("10.0.0.0/24", 50, 59)));
    }

    [Fact]
    public void A_subnet_whose_addresses_another_server_gives_has_no_pool()
    {
        var subnet = Subnet("10.0.0.0/24", 50, 59);

        Assert.Empty(Read(subnet with { Network = subnet.Network with { BootstrapRange = null } }));
    }

    [Fact]
    public void Every_lease_is_listed_with_its_client_and_its_end()
    {
        File.WriteAllText(_file, """
            1764400000 02:00:00:00:00:01 10.0.0.50 vm-001 01:02:00:00:00:00:01
            1764399999 02:00:00:00:00:02 10.0.0.59 * *
            0 20-00:11 10.0.0.60 * *

            """);
        var now = DateTimeOffset.FromUnixTimeSeconds(1764399999);

        var leases = new DnsmasqLeases(_file, []).All(now).Select(lease => (lease.Address.ToString(), lease.Client?.ToString(), lease.HasEnded, lease.EndsAt?.ToUnixTimeSeconds()));

        Assert.Equal([("10.0.0.50", "02:00:00:00:00:01", false, 1764400000L), ("10.0.0.59", "02:00:00:00:00:02", true, 1764399999L), ("10.0.0.60", null, false, null)], leases);
    }

    public void Dispose() => File.Delete(_file);

    private IEnumerable<(string Subnet, int Leased, int Free, long Excluded)> Read(params DhcpSubnet[] subnets) =>
        new DnsmasqLeases(_file, [.. subnets]).Read().Select(pool => (pool.Subnet.ToString(), pool.Leased, pool.Free, pool.Excluded));

    private static DhcpSubnet Subnet(string subnet, byte first, byte last)
    {
        Assert.True(Ipv4Subnet.TryParse(subnet, out var parsed));
        var start = parsed!.Network.Value;
        var settings = DhcpResponderTests.SettingsOf(new Ipv4(start + 1), new Ipv4(start + first), new Ipv4(start + last));
        return settings with { Network = new NetworkPlan { Subnet = parsed, ServerAddress = settings.Network.ServerAddress, BootstrapRange = settings.Network.BootstrapRange } };
    }
}
