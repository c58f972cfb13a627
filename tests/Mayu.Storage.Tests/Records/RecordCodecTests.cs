using System.Text;
using System.Text.Json.Nodes;
using Mayu.Core.Machines;
using Mayu.Storage.Records;

namespace Mayu.Storage.Tests.Records;

public class RecordCodecTests
{
    private const string Old = """
        {"Id":3,"ProviderId":"p","Enabled":true,"Serial":"004b","MacAddresses":["52:54:00:00:00:01","00:00:00:00:00:00"],
        "InternalAddr":"10.0.3.31","AdditionalAddrs":{"eth1":"10.0.4.1"},"IPMIAddr":"bmc.example.com","FleetMetadata":["role=core",7],
        "LastBoot":"2016-05-03T10:11:12.123456789+02:00","Overrides":{"n":5,"t":"x"},"State":"running","CoreOSVersion":"1010.5.0",
        "Facts":{"Firmware":"bios","Unknown":{"deep":[1,2]}},"BondInterfaces":"eth0 eth1"}
        """;

    [Fact]
    public void A_record_that_is_not_changed_is_written_with_the_same_content()
    {
        var record = Read(Old);
        Assert.Equal("t", Assert.Single(record.Machine.Overrides).Key);
        Assert.Single(record.Machine.MacAddresses);
        Assert.Null(record.Machine.BmcAddress);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Old), Written(record)));
    }

    [Theory]
    [InlineData("""{"Disks":7}""")]
    [InlineData("""{"Firmware":["bios"]}""")]
    [InlineData("""{"NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:00:00:01","SpeedMbps":99999999999}]}""")]
    public void A_fact_of_another_kind_counts_as_absent_and_stays_as_it_stands(string facts)
    {
        var record = $$"""{"Serial":"004b","Enabled":true,"State":"running","Facts":{{facts}}}""";
        Assert.Equal((null, 0), (Read(record).Machine.Facts!.Firmware, Read(record).Machine.Facts!.Disks.Count));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(record), Written(Read(record))));
    }

    [Fact]
    public void A_change_replaces_its_own_field_and_no_other()
    {
        var record = Read(Old);
        var next = record.With(record.Machine with { State = MachineState.Configured, Overrides = record.Machine.Overrides.Add("u", "y") });
        var expected = JsonNode.Parse(Old)!;
        expected["State"] = "configured";
        expected["Overrides"] = new JsonObject { ["t"] = "x", ["u"] = "y" };
        Assert.True(JsonNode.DeepEquals(expected, Written(next)), Written(next).ToJsonString());
    }

    [Fact]
    public void A_machine_of_ours_comes_back_with_every_field_and_nothing_beside()
    {
        var machine = Samples.FullMachine("4711");
        var record = RecordCodec.Read(RecordCodec.Write(new MachineRecord(machine, null)), machine.Serial, out var problem);
        Assert.Null(problem);
        Assert.Null(record!.Residue);
        Assert.Equivalent(machine, record.Machine, strict: true);
    }

    [Fact]
    public void The_names_of_its_fields_are_those_that_are_written() =>
        Assert.Equal(RecordFields.Names, Written(new MachineRecord(Samples.FullMachine("4711"), null)).AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void A_record_cut_at_any_byte_is_refused_with_a_reason_and_never_throws()
    {
        var whole = RecordCodec.Write(new MachineRecord(Samples.FullMachine("4711"), null));
        for (var length = 0; length < whole.Length - 2; length++)
        {
            Assert.Null(RecordCodec.Read(whole.AsMemory(0, length), Samples.Serial("4711"), out var problem));
            Assert.False(string.IsNullOrEmpty(problem));
        }
    }

    [Fact]
    public void Half_a_character_from_outside_does_not_stop_a_record_from_being_written()
    {
        var machine = Samples.Machine("a") with { Hostname = "x\ud800y" };
        Assert.Equal("x\ufffdy", (string?)Written(new MachineRecord(machine, null))["Hostname"]);
    }

    [Fact]
    public void What_machines_have_in_common_is_kept_once_but_never_an_override_which_may_be_a_secret()
    {
        var content = RecordCodec.Write(new MachineRecord(Samples.FullMachine("4711"), null));
        var (one, two) = (RecordCodec.Read(content, Samples.Serial("4711"), out _)!.Machine, RecordCodec.Read(content, Samples.Serial("4711"), out _)!.Machine);
        Assert.Same(one.Facts!.Dmi!.Product, two.Facts!.Dmi!.Product);
        Assert.Same(one.Facts.Disks[0].Model, two.Facts.Disks[0].Model);
        Assert.Equal("/dev/sdb", one.Overrides["disk"]);
        Assert.NotSame(one.Overrides["disk"], two.Overrides["disk"]);
    }

    private static MachineRecord Read(string text) => RecordCodec.Read(Encoding.UTF8.GetBytes(text), Samples.Serial("004b"), out _)!;

    private static JsonNode Written(MachineRecord record) => JsonNode.Parse(RecordCodec.Write(record))!;
}
