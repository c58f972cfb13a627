using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.EtcdDiscovery;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.EtcdDiscovery;

/// <summary>Which discovery URL a machine's config has.</summary>
public sealed class DiscoveryUrlsTests : IDisposable
{
    private const string Boot = "http://10.0.0.1:4081";

    private static readonly string OfMachine = new('1', 32);
    private static readonly string OfProfile = new('2', 32);
    private static readonly string OfAll = new('3', 32);

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-etcd-").FullName;

    [Fact]
    public void The_machines_token_comes_first_then_its_profiles_then_that_of_all_then_one_that_Mayu_makes()
    {
        var tokens = Open();
        var configured = new DiscoveryUrls(new EtcdDiscoverySettings { Token = OfAll }, tokens);
        Assert.Equal($"{Boot}/etcd/{OfMachine}", UrlOf(configured, OfMachine, OfProfile));
        Assert.Equal($"{Boot}/etcd/{OfProfile}", UrlOf(configured, null, OfProfile));
        Assert.Equal($"{Boot}/etcd/{OfAll}", UrlOf(configured, null, null));
        var made = UrlOf(new DiscoveryUrls(new EtcdDiscoverySettings(), tokens), null, null);
        Assert.Matches($"^{Boot}/etcd/[0-9a-f]{{32}}$", made);
        Assert.DoesNotContain(OfAll, made, StringComparison.Ordinal);
        Assert.Equal(made, UrlOf(new DiscoveryUrls(new EtcdDiscoverySettings(), tokens), null, null));
    }

    [Fact]
    public void Another_service_has_the_URL_and_needs_a_token()
    {
        var elsewhere = new DiscoveryUrls(new EtcdDiscoverySettings { IsServed = false, Url = "https://discovery.example/x" }, tokens: null);
        Assert.Equal($"https://discovery.example/x/{OfProfile}", UrlOf(elsewhere, null, OfProfile));
        Assert.Contains("set etcd_discovery.token", UrlOf(elsewhere, null, null), StringComparison.Ordinal);
    }

    [Fact]
    public void An_override_that_is_no_token_is_told_without_its_value()
    {
        var problem = UrlOf(new DiscoveryUrls(new EtcdDiscoverySettings(), Open()), "x\" y: z", null);
        Assert.Contains("the override etcd_token of machine a is not a discovery token", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("y: z", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_a_config_is_only_looked_at_no_token_is_made_and_what_is_off_is_told()
    {
        Assert.Equal($"{Boot}/etcd/{new string('0', 32)}", UrlOf(new DiscoveryUrls(new EtcdDiscoverySettings(), tokens: null), null, null));
        Assert.Equal("etcd_discovery.enabled is false", UrlOf(new DiscoveryUrls(new EtcdDiscoverySettings { IsServed = false }, tokens: null), null, null));
        Assert.False(Directory.Exists(Path.Combine(_folder, "etcd-discovery")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string UrlOf(DiscoveryUrls urls, string? machine, string? profile)
    {
        Assert.True(Serial.TryParse("a", out var serial, out _));
        var record = new Machine { Serial = serial, State = MachineState.Configured, Overrides = machine is null ? Machine.NoStrings : Machine.NoStrings.Add("etcd_token", machine) };
        return urls.TryUrl(Boot, record, new Profile { Name = "core", Image = "os", Template = "default", EtcdToken = profile }, out var url, out var problem) ? url : problem;
    }

    private DiscoveryTokens Open() => DiscoveryTokens.Open(Path.Combine(_folder, "etcd-discovery"), 3, new StoppedClock(), NullLogger.Instance);
}
