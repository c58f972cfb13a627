using System.Security.Cryptography.X509Certificates;
using Mayu.Client.Contracts;
using Mayu.Netboot.Net;
using Mayu.Server.Api.Doctor;
using Mayu.Server.Auth;
using Mayu.Server.Configuration;
using Mayu.Server.Live;
using Mayu.Server.Preflight;
using Mayu.Server.Secrets;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api.Doctor;

/// <summary>Single checks, and what holds for each: it ends, and its failure is told.</summary>
public sealed class CheckTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_that_hangs_is_not_known_and_is_not_begun_again()
    {
        var never = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var check = new OneCheck(_ => never.Task);
        var bounded = new BoundedCheck(check, TimeProvider.System);

        var first = Assert.Single(await bounded.LookAsync(Cancel));
        var second = Assert.Single(await bounded.LookAsync(Cancel));
        never.SetResult("all is well");
        await check.Ended;
        var third = Assert.Single(await AgainAsync(bounded));

        Assert.Equal((DoctorFinding.Unknown, "the check did not end within 0.1 s"), (first.Status, first.What));
        Assert.Equal((DoctorFinding.Unknown, "the check of an earlier request has not ended yet"), (second.Status, second.What));
        Assert.Equal((DoctorFinding.Ok, "all is well"), (third.Status, third.What));
    }

    [Fact]
    public async Task A_check_that_fails_is_not_known()
    {
        var finding = Assert.Single(await new BoundedCheck(new OneCheck(_ => throw new IOException("Input/output error")), TimeProvider.System).LookAsync(Cancel));

        Assert.Equal((DoctorFinding.Unknown, "the check failed: Input/output error"), (finding.Status, finding.What));
    }

    [Fact]
    public async Task A_thousand_findings_are_twenty_and_their_number()
    {
        var findings = await new BoundedCheck(
            new OneCheck(findings =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    findings.Error($"record {i}");
                }

                return Task.FromResult("");
            }),
            TimeProvider.System).LookAsync(Cancel);

        Assert.Equal((21, "and 980 more findings", DoctorFinding.Error), (findings.Count, findings[^1].What, findings[^1].Status));
    }

    [Theory]
    [InlineData(1024, 2000, "warning", "neighbours: 2000 machines need more than half of the kernel's neighbour table (net.ipv4.neigh.default.gc_thresh3 = 1024). Enlarge it: sysctl -w net.ipv4.neigh.default.gc_thresh3=8192")]
    [InlineData(8192, 2000, "ok", "8192 entries are enough for 2000 machines (net.ipv4.neigh.default.gc_thresh3)")]
    [InlineData(null, 2000, "unknown", "the kernel does not show the limit of its neighbour table in this network namespace (net.ipv4.neigh.default.gc_thresh3)")]
    public async Task The_neighbour_table_must_be_enough_for_the_slots_that_the_profiles_have(int? limit, int quantity, string status, string what)
    {
        await using var server = await TestServer.StartAsync();
        var proc = Directory.CreateDirectory(Path.Combine(server.Folder, "proc")).FullName;
        if (limit is not null)
        {
            Directory.CreateDirectory(Path.Combine(proc, "sys/net/ipv4/neigh/default"));
            await File.WriteAllTextAsync(Path.Combine(proc, "sys/net/ipv4/neigh/default/gc_thresh3"), $"{limit}\n", Cancel);
        }

        var plan = ConfigurationOf(server.Folder).Cluster;
        plan = plan with { Profiles = [.. plan.Profiles.Select(profile => profile.IsDefault ? profile : profile with { Quantity = quantity })] };

        var finding = Assert.Single(await new BoundedCheck(new NeighbourCheck(new NeighbourTable(TimeProvider.System, proc), server.Store, () => plan), TimeProvider.System).LookAsync(Cancel));

        Assert.Equal((status, what), (finding.Status, finding.What));
    }

    [Theory]
    [InlineData(-400, "error")]
    [InlineData(-350, "warning")]
    [InlineData(-10, "ok")]
    public async Task A_certificate_that_has_ended_is_an_error_and_one_that_ends_soon_a_warning(int fromDays, string status)
    {
        await using var server = await TestServer.StartAsync();
        var files = new CertificateFiles(Path.Combine(server.Folder, "keys"));
        using var ca = files.OpenCa()!;
        using var certificate = CertificateFiles.MakeServer(ca, [], TimeProvider.System.GetUtcNow().AddDays(fromDays));
        var (pem, key) = (Path.Combine(server.Folder, "own.pem"), Path.Combine(server.Folder, "own-key.pem"));
        await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), Cancel);
        var configuration = ConfigurationOf(server.Folder) with { TlsCertificate = pem, TlsKey = key };
        SecretStore.TryOpen([], out var secrets, out _);
        var check = new CertificateCheck(
            new LiveConfiguration(ServedConfiguration.Of(configuration, secrets!)), ConfiguredCertificate.Open(pem, key, TimeProvider.System), () => new MachineNeeds(configuration, records: null, secrets));

        var finding = Assert.Single(await new BoundedCheck(check, TimeProvider.System).LookAsync(Cancel));
        Assert.Equal(status, finding.Status);

        // The next start would read it.
        await File.WriteAllTextAsync(key, "no key", Cancel);
        Assert.Contains(await new BoundedCheck(check, TimeProvider.System).LookAsync(Cancel), one => one.Status == "error" && one.What.StartsWith("api.tls_certificate: the server cannot start", StringComparison.Ordinal));
    }

    private static MayuConfiguration ConfigurationOf(string folder) => ConfigurationSchema.Bind(ConfigurationReader.Open(Path.Combine(folder, "config.yaml"), OutsideValues.None))!;

    // The task that was waited for ends a moment after what it waited for.
    private static async Task<IReadOnlyList<DoctorFinding>> AgainAsync(BoundedCheck bounded)
    {
        for (var i = 0; i < 500; i++)
        {
            if (await bounded.LookAsync(Cancel) is [{ Status: not DoctorFinding.Unknown }] found)
            {
                return found;
            }

            await Task.Delay(10, Cancel);
        }

        return [];
    }

    private sealed class OneCheck(Func<Findings, Task<string>> look) : IDoctorCheck
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Id => "one";

        public TimeSpan Limit => TimeSpan.FromSeconds(0.1);

        public Task Ended => _ended.Task;

        public async Task<string> LookAsync(Findings findings, CancellationToken cancellation)
        {
            var fine = await look(findings);
            _ended.TrySetResult();
            return fine;
        }
    }
}
