using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Doctor;

/// <summary>`mayuctl doctor` on a host where something is wrong.</summary>
public sealed class DoctorTests
{
    private const string Served = """
        network:
          interface: br0
          address: 10.77.0.1
          subnet: 10.77.0.0/24
          bootstrap_range: { start: 10.77.0.50, end: 10.77.0.60 }
          internal_range: { start: 10.77.0.100, end: 10.77.0.140 }
        defaults: { image: none }

        """;

    [Theory]
    [InlineData("server", "builtin", "error", "another DHCP server, 10.77.0.2, answers on br0, and so does Mayu (dhcp.mode: server)", "no other DHCP server answers on br0", "ok")]
    [InlineData("server", "dnsmasq", "error", "another DHCP server, 10.77.0.2, answers on br0, and so does Mayu (dhcp.mode: server)", "no other DHCP server answers on br0", "ok")]
    [InlineData("proxy", "builtin", "ok", "another DHCP server, 10.77.0.2, answers on br0, and gives the addresses", "no DHCP server answers on br0, and Mayu gives no addresses there", "warning")]
    [InlineData("server", "external", "ok", "another DHCP server, 10.77.0.2, answers on br0, and gives the addresses", "no DHCP server answers on br0, and Mayu gives no addresses there", "warning")]
    public async Task Another_dhcp_server_is_found_in_every_mode(string mode, string engine, string status, string beside, string alone, string statusAlone)
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync($"{Served}engine: {engine}\n{(engine == "external" ? "" : $"dhcp: {{ mode: {mode} }}\n")}");
        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", wire.Mayu.Folder);
        await wire.StartMayuAsync();
        await using (await OtherServer.StartAsync("dnsmasq", wire.Segment.Other, OtherServer.Plain("dnsmasq"), wire.Mayu.Folder))
        {
            var found = Of(await LookAsync(wire.Mayu), "dhcp-servers");
            Assert.Equal(status, (string?)found["status"]);
            Assert.StartsWith(beside, (string)found["what"]!, StringComparison.Ordinal);
        }

        var none = Of(await LookAsync(wire.Mayu), "dhcp-servers");
        Assert.Equal(statusAlone, (string?)none["status"]);
        Assert.StartsWith(alone, (string)none["what"]!, StringComparison.Ordinal);
        // Its own question took no lease.
        Assert.Empty(JsonNode.Parse(await wire.Mayu.ApiAsync("/api/v1/leases"))!["items"]!.AsArray());
    }

    [Fact]
    public async Task In_mode_auto_it_is_known_without_a_question()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(Served + "dhcp: { mode: auto }\n");
        await using var other = await OtherServer.StartAsync("dnsmasq", wire.Segment.Other, OtherServer.Plain("dnsmasq"), wire.Mayu.Folder);
        await wire.StartMayuAsync();
        await wire.Mayu.PrintsAsync("another DHCP server, 10.77.0.2, answers on br0");

        var found = Of(await LookAsync(wire.Mayu), "dhcp-servers");

        Assert.Equal(("ok", "another DHCP server, 10.77.0.2, answers on br0, so Mayu sends only the boot file (dhcp.mode: auto)"), ((string?)found["status"], (string?)found["what"]));
    }

    [Fact]
    public async Task A_disk_that_is_full_and_one_that_turned_read_only_are_errors()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("s");
        var folder = Directory.CreateTempSubdirectory("mayu-small-").FullName;
        try
        {
            // `ip netns exec` gives the server mounts of its own: nobody else sees this one.
            await using var mayu = new MayuServer(host, "127.0.0.1") { Variables = ["sh", "-c", $"mount -t tmpfs -o size=3m tmpfs {folder} && exec \"$@\"", "sh"] };
            await mayu.ConfigureAsync($"{MayuServer.OnLoopback}cluster_dir: {folder}\n");
            await mayu.StartAsync();

            var full = Of(await LookAsync(mayu), "store");
            await ProgramRun.OrFailAsync("nsenter", "--mount", "--target", mayu.ProcessId.ToString(CultureInfo.InvariantCulture), "mount", "-o", "remount,ro", folder);
            var closed = (await LookAsync(mayu)).Where(finding => (string?)finding["id"] == "store").ToList();

            Assert.Equal("error", (string?)full["status"]);
            Assert.StartsWith($"the disk with {folder} is full (", (string)full["what"]!, StringComparison.Ordinal);
            Assert.Contains(closed, finding => (string?)finding["status"] == "error" && ((string)finding["what"]!).Contains("Read-only file system", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_certificate_that_has_ended_is_told_by_the_client_that_cannot_connect()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("s");
        await using var mayu = new MayuServer(host, "127.0.0.1");
        // The first start makes the keys, with the CA that the client trusts.
        await mayu.ConfigureAsync(MayuServer.OnLoopback);
        await mayu.StartAsync();
        await mayu.StopAsync("TERM");
        var (certificate, key) = MakeEnded(Path.Combine(mayu.Data, "keys"), mayu.Folder);
        await mayu.ConfigureAsync($"{MayuServer.OnLoopback}api: {{ tls_certificate: {certificate}, tls_key: {key} }}\n");
        await mayu.StartAsync();

        var (code, output) = await mayu.CtlAsync("doctor");

        Assert.Equal(1, code);
        Assert.Contains("the certificate of 127.0.0.1:4080 is not valid now: it ends at 2021-01-01 00:00 UTC", output, StringComparison.Ordinal);
        Assert.Contains("replace the files of api.tls_certificate and api.tls_key on the server", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_run_is_told_with_who_has_its_ports()
    {
        TestNetwork.NeedRoot();
        await using var wire = await MayuOnSegment.PrepareAsync(Served + "engine: external\n");
        // It makes the keys.
        await wire.StartMayuAsync();
        await wire.Mayu.StopAsync("TERM");
        await using var other = await OtherServer.StartAsync("dnsmasq", wire.Segment.Mayu, OtherServer.Plain("dnsmasq").Replace("eth0", "br0", StringComparison.Ordinal), wire.Mayu.Folder);

        var (code, output) = await wire.Mayu.CtlAsync("doctor");

        Assert.Equal(1, code);
        Assert.Contains("error    server  no connection to 127.0.0.1:4080", output, StringComparison.Ordinal);
        Assert.Contains("error    host    nothing listens on port 4080/tcp of this host", output, StringComparison.Ordinal);
        Assert.Contains($"warning  host    port 67/udp is taken by dnsmasq (process {other.Id})", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cable_that_is_out_an_image_that_is_not_there_and_a_template_that_is_broken_are_told_together()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("s");
        // The other end of the cable is down.
        await TestNetwork.IpAsync(host, "link", "add", "br0", "type", "veth", "peer", "name", "switch");
        await TestNetwork.IpAsync(host, "address", "add", "10.77.0.1/24", "dev", "br0");
        await TestNetwork.IpAsync(host, "link", "set", "br0", "up");
        await using var mayu = new MayuServer(host, "10.77.0.1");
        var templates = Directory.CreateDirectory(Path.Combine(mayu.Folder, "templates")).FullName;
        await mayu.ConfigureAsync($"{Served}templates_dir: {templates}\n");
        await mayu.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(templates, "first_stage_script.sh"), "#!/bin/sh\n{{ nosuch }}\n", TestContext.Current.CancellationToken);

        var findings = await LookAsync(mayu);

        Assert.Equal(("warning", "the interface br0 has no carrier: no packet leaves it"), ((string?)Of(findings, "interfaces")["status"], (string?)Of(findings, "interfaces")["what"]));
        Assert.All(findings.Where(finding => (string?)finding["id"] == "images"), finding => Assert.Equal("error", (string?)finding["status"]));
        Assert.Equal("error", (string?)Of(findings, "templates")["status"]);
        // The kernel shows the limit of its table to the host's own namespace alone.
        Assert.Equal("unknown", (string?)Of(findings, "neighbours")["status"]);
    }

    private static (string Certificate, string Key) MakeEnded(string keys, string folder)
    {
        using var ca = X509Certificate2.CreateFromPemFile(Path.Combine(keys, "ca.pem"), Path.Combine(keys, "ca-key.pem"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mayu", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(ca, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), [1, 2, 3, 4]);
        var (pem, keyFile) = (Path.Combine(folder, "ended.pem"), Path.Combine(folder, "ended-key.pem"));
        File.WriteAllText(pem, made.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (pem, keyFile);
    }

    private static async Task<List<JsonNode>> LookAsync(MayuServer mayu)
    {
        var (code, output) = await mayu.CtlAsync("doctor", "-o", "json", "--timeout", "30");
        var findings = JsonNode.Parse(output)!.AsArray().Select(finding => finding!).ToList();
        Assert.Equal(findings.Exists(finding => (string?)finding["status"] == "error") ? 1 : 0, code);
        return findings;
    }

    private static JsonNode Of(IEnumerable<JsonNode> findings, string id) => Assert.Single(findings, finding => (string?)finding["id"] == id);
}
