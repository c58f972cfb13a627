using System.Text.Json.Nodes;
using Mayu.Core.Machines;

namespace Mayu.Storage.Tests.Git;

/// <summary>Cluster directories of both generations of the first Mayu, as that program left them.</summary>
public sealed class FirstMayuTests : GitStoreFixture
{
    // 2016: CoreOS, discovery by URL, a cabinet by number, the zero time where it never booted.
    private const string Of2016 = """
        {"Id":1,"ProviderId":"4711","Enabled":true,"Name":"","Serial":"004b27ed-692e-b32e-1f68-d89aff66c71b","MacAddresses":["52:54:00:a1:00:01","52:54:00:a1:00:02"],
        "InternalAddr":"10.0.3.31","AdditionalAddrs":{"eth1":"10.0.4.31"},"Cabinet":3,"MachineOnCabinet":7,"IPMIAddr":"10.0.9.31","Hostname":"004b27ed692eb32e",
        "MachineID":"004b27ed692eb32e1f68d89aff66c71b","ConnectedNIC":"eth0","FleetMetadata":["role-core=true"],"FleetDisableEngine":false,"KeepDiskData":true,
        "LastBoot":"0001-01-01T00:00:00Z","Profile":"core","EtcdClusterToken":"abc","Overrides":{"CoreOSVersion":"1010.5.0","n":5},"State":"running",
        "CoreOSVersion":"1010.5.0","MayuVersion":"0.11.0","DockerVersion":"1.10.3","FleetVersion":"0.11.7","EtcdVersion":"2.3.1","RktVersion":"","YochuVersion":"0.18.0"}
        """;

    // Later: Flatcar, Kubernetes, bonds; fields that are empty are left out.
    private const string OfFlatcar = """
        {"Enabled":true,"Serial":"vm-2","MacAddresses":["52:54:00:a1:00:03"],"InternalAddr":"10.0.3.32","AdditionalAddrs":{},"BondInterfaces":"eth0 eth1",
        "Cabinet":"row 3","Hostname":"vm2","MachineID":"00000000000000000000000000000002","ConnectedNIC":"eth0","LastBoot":"2022-05-03T10:11:12.123456789+02:00",
        "Profile":"worker","State":"installed","FlatcarVersion":"3033.2.4","K8sVersion":"1.22.9"}
        """;

    [Theory]
    [InlineData("004b27ed-692e-b32e-1f68-d89aff66c71b", Of2016)]
    [InlineData("vm-2", OfFlatcar)]
    public async Task A_directory_opens_as_it_is_with_its_history_and_a_change_touches_its_own_field_alone(string serial, string record)
    {
        Directory.CreateDirectory(Path.Combine(Cluster, serial));
        await File.WriteAllTextAsync(
            Path.Combine(Cluster, "cluster.json"), """{"GitStore": true, "Config": {"DefaultEtcdClusterToken": "abc"}}""", Token);
        await GitProgram.RunAsync(Cluster, "init", "-q");
        await CommitAsync(record.Replace("\"running\"", "\"installed\"", StringComparison.Ordinal).Replace("\"installed\"", "\"configured\"", StringComparison.Ordinal), "added");
        await CommitAsync(record, "updated state");
        var head = await GitAsync("rev-parse", "HEAD");

        await using var store = await OpenAsync();
        var known = Samples.Serial(serial);
        Assert.Empty(store.Quarantined);
        Assert.Equal(head, await GitAsync("rev-parse", "HEAD"));
        Assert.NotNull(store.Current.Find(known)?.InternalAddress);
        Assert.NotNull(store.Current.Find(known)?.Cabinet);

        var history = await store.HistoryAsync(new HistoryQuery { Serial = known, WithFields = true }, Token);
        Assert.Equal(["updated state", "added"], history.Select(c => c.What));
        Assert.Equal("State", Assert.Single(history[0].Fields).Name);
        var before = await store.MachineAtAsync(known, HistoryPoint.After(history[1].Id), Token);
        Assert.Equal(MachineState.Configured, before?.State);

        await store.ChangeAsync(Samples.Operator, s => new Proposal.Put(s.Find(known)! with { Hostname = "renamed" }, "renamed"), Token);
        var expected = JsonNode.Parse(record)!;
        expected["Hostname"] = "renamed";
        var written = JsonNode.Parse(await File.ReadAllTextAsync(RecordOf(serial), Token));
        Assert.True(JsonNode.DeepEquals(expected, written), written!.ToJsonString());
        await AssertSoundAsync();

        async Task CommitAsync(string content, string what)
        {
            await File.WriteAllTextAsync(RecordOf(serial), content, Token);
            await GitAsync("add", "-A");
            await GitAsync("commit", "-q", "-m", $"{serial}: {what}");
        }
    }

    [Theory]
    [InlineData("""{"eth1":"10.0.4"}""")]
    [InlineData("""{"eth1":7}""")]
    [InlineData("\"10.0.4.1\"")]
    public async Task Addresses_that_cannot_be_read_refuse_the_record(string addresses)
    {
        Directory.CreateDirectory(Path.Combine(Cluster, "a"));
        await File.WriteAllTextAsync(RecordOf("a"), $$"""{"Serial":"a","AdditionalAddrs":{{addresses}}}""", Token);
        await using var store = await OpenAsync();
        Assert.Contains("AdditionalAddrs", Assert.Single(store.Quarantined).Reason, StringComparison.Ordinal);
    }
}
