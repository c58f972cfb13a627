using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Interop.Tests.Network;
using Mayu.Primitives;

namespace Mayu.Interop.Tests.Provisioning;

/// <summary>The snippets of template_snippets/network, read by the programs that they are for.</summary>
public sealed class NetworkSnippetTests : IDisposable
{
    private const string Netplan = """
        - path: /etc/netplan/10-mayu.yaml
          mode: 0o600
          contents:
            source: {{ include "network/netplan.yaml" | data_url }}
        """;

    private static readonly NicModel Bond = new() { Kind = NicKind.Bond, Members = ["eno*", "ens1"], BondMode = "802.3ad", LacpRate = "fast", Mtu = 9000 };

    private static readonly StaticRoute Route = new(SampleMachine.Subnet("10.9.0.0/16"), SampleMachine.Address("10.0.0.9"));

    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-it-network-").FullName;

    public static IReadOnlyDictionary<string, (NicModel Model, ImmutableArray<ExtraNic> Extra)> Models { get; } = new Dictionary<string, (NicModel Model, ImmutableArray<ExtraNic> Extra)>(StringComparer.Ordinal)
    {
        ["single"] = (new NicModel(), []),
        ["single, MTU, routes"] = (new NicModel { Mtu = 1400, Routes = [Route, Route with { To = SampleMachine.Subnet("10.8.0.0/16") }] }, []),
        ["bond"] = (Bond, []),
        ["bond, active-backup"] = (new NicModel { Kind = NicKind.Bond, Members = ["eno1", "eno2"], Name = "uplink" }, []),
        ["bond, VLAN"] = (Bond with { VlanId = 100, Routes = [Route] }, []),
        ["bond of named cards, VLAN"] = (Bond with { Members = ["eno1", "eno2"], VlanId = 100, Routes = [Route] }, []),
        ["bridge"] = (new NicModel { Kind = NicKind.Bridge }, []),
        ["bridge, members"] = (new NicModel { Kind = NicKind.Bridge, Members = ["eth0"], Name = "br-lan", Mtu = 1400 }, []),
        ["bridge, VLAN"] = (new NicModel { Kind = NicKind.Bridge, VlanId = 4094 }, []),
        ["VLAN"] = (new NicModel { VlanId = 7 }, []),
        ["VLAN on a named card"] = (new NicModel { VlanId = 7, Members = ["eth0"], Mtu = 1400 }, []),
        ["extra single"] = (new NicModel(), [Extra("eth1", new NicModel { Mtu = 1400 })]),
        ["extra bond and VLAN"] = (Bond, [Extra("stor0", new NicModel { Kind = NicKind.Bond, Members = ["enp1s0", "enp2s0"], BondMode = "balance-xor", VlanId = 300 })]),
        ["extra VLAN"] = (new NicModel { VlanId = 7 }, [Extra("vlan8", new NicModel { VlanId = 8, Members = ["eth1"] })]),
        ["extra bridge"] = (new NicModel(), [Extra("br1", new NicModel { Kind = NicKind.Bridge, Members = ["eth1"] })]),
    };

    public static TheoryData<string> Names => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Netplan_takes_its_document_without_a_word(string name)
    {
        var (path, text) = Assert.Single(SampleMachine.FilesOf(Netplan, Models[name].Model, Models[name].Extra));
        Write(path, text);
        Assert.Equal("", await ProgramRun.OrFailAsync("netplan", "generate", "--root-dir", _directory));
        var made = string.Concat(Directory.EnumerateFiles(Path.Combine(_directory, "run/systemd/network")).Order().Select(File.ReadAllText));
        Assert.Contains("Address=10.0.0.10/24", made, StringComparison.Ordinal);
        foreach (var nic in Models[name].Extra)
        {
            Assert.Contains($"Address={nic.Range.Start}/24", made, StringComparison.Ordinal);
        }
    }

    // What it does not know it leaves out without a word.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task NetworkManager_takes_every_line_of_its_keyfiles(string name)
    {
        var files = SampleMachine.FilesOf("{{ include \"network/networkmanager.ignition.yaml\" }}", Models[name].Model, Models[name].Extra);
        Assert.NotEmpty(files);
        foreach (var (path, text) in files)
        {
            var (exitCode, output) = await ProgramRun.ToEndAsync("sh", "-c", "printf %s \"$1\" | nmcli --offline connection modify connection.autoconnect yes", "sh", text);
            Assert.True(exitCode == 0, $"{path}: {output}\n{text}");
            var taken = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
            Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.True(taken.Contains(line), $"{path}: {line} is not in\n{output}"));
        }
    }

    // This kernel may have neither bonds nor VLANs: then the daemon says so after it has read the files, and of them it complains first.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Networkd_reads_its_files_without_a_word(string name)
    {
        var output = await RunNetworkdAsync(Models[name].Model, Models[name].Extra);
        Assert.DoesNotContain("/run/systemd/network/10-mayu", output.Replace("Configuring with /run/systemd/network/", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("/run/systemd/network/20-mayu", output.Replace("Configuring with /run/systemd/network/", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("single", "eth0")]
    [InlineData("single, MTU, routes", "eth0")]
    [InlineData("bridge", "br0")]
    [InlineData("bridge, members", "br-lan")]
    [InlineData("extra single", "eth1")]
    [InlineData("extra bridge", "br1")]
    public async Task Networkd_sets_the_interfaces_up(string name, string device)
    {
        var (model, extra) = Models[name];
        var output = await RunNetworkdAsync(model, extra);
        var address = extra.IsEmpty ? "10.0.0.10/24" : "10.1.0.5/24";
        Assert.Matches($@"(?m)^{device}(@\S+)? .* {address}", output);
        Assert.Contains($"default via 10.0.0.1 dev {(extra.IsEmpty ? device : "eth0")}", output, StringComparison.Ordinal);
        Assert.All(model.Routes, route => Assert.Contains($"{route.To} via {route.Via} dev {device}", output, StringComparison.Ordinal));
        if ((extra.IsEmpty ? model : extra[0].Model).Mtu is { } mtu)
        {
            Assert.Matches($@"(?m)^\d+: {device}(@\S+)?: .* mtu {mtu} ", output);
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static ExtraNic Extra(string name, NicModel model) =>
        new(name, SampleMachine.Subnet("10.1.0.0/24"), new Ipv4Range(SampleMachine.Address("10.1.0.5"), SampleMachine.Address("10.1.0.9"))) { Model = model, Dns = [SampleMachine.Address("10.1.0.1")] };

    // The real daemon in namespaces of its own, with two cards, until the last address is there or it had time for it.
    private async Task<string> RunNetworkdAsync(NicModel model, ImmutableArray<ExtraNic> extra)
    {
        TestNetwork.NeedRoot();
        foreach (var (path, text) in SampleMachine.FilesOf("{{ include \"network/networkd.ignition.yaml\" }}", model, extra))
        {
            Write(path, text);
        }

        var last = extra.IsEmpty ? "10.0.0.10/" : "10.1.0.5/";
        var script = $$"""
            mount --make-rprivate /
            mount -t tmpfs tmpfs /run
            mount -t sysfs -o ro sys /sys
            mkdir -p /run/systemd/network
            cp {{_directory}}/etc/systemd/network/* /run/systemd/network/
            chmod a+r /run/systemd/network/*
            ip link set lo up
            ip link add eth0 address {{SampleMachine.Mac}} type veth peer name p0
            ip link add eth1 type veth peer name p1
            ip link set p0 up
            ip link set p1 up
            SYSTEMD_LOG_LEVEL=info SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_COLOR=0 /lib/systemd/systemd-networkd &
            daemon=$!
            for i in $(seq {{(model.VlanId is null && model.Kind != NicKind.Bond ? 50 : 5)}}); do
                sleep 0.2
                if ip -br address | grep -q '{{last}}'; then break; fi
            done
            sleep 0.3
            ip -br address
            ip -o link
            ip route
            kill $daemon
            wait $daemon
            true
            """;
        return await ProgramRun.OrFailAsync("unshare", "--mount", "--net", "sh", "-c", script);
    }

    private void Write(string path, string text)
    {
        var file = _directory + path;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
