using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.Primitives;

namespace Mayu.Client.Tests.Contracts;

public sealed class ApiJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_machine_comes_back_from_json_as_it_went_in()
    {
        var machine = new Machine
        {
            Serial = "vm-001",
            MacAddresses = ["52:54:00:00:00:01"],
            State = MachineStates.Installing,
            InternalAddress = "10.1.0.3",
            FirstSeen = Noon,
            Enabled = true,
            Versions = new Dictionary<string, string> { ["OS"] = "1.0" },
            Overrides = new Dictionary<string, JsonElement> { ["raid"] = JsonSerializer.SerializeToElement(true, JsonElementContext.Default.Boolean) },
            Metadata = ["role=core"],
            Problem = new ProblemReport { At = Noon, Hop = HopNames.Image, Reason = "the disk is too small" },
            Hop = new Hop { Name = HopNames.Progress, At = Noon, Bytes = 1, Total = 2 },
            Facts = new FactsReport { Serial = "vm-001", ConnectedNIC = "eth0", Disks = [new DiskFacts { Name = "vda", SizeBytes = 4L << 40 }] },
        };

        var json = JsonSerializer.Serialize(machine, ApiJsonContext.Default.Machine);
        var back = JsonSerializer.Deserialize(json, ApiJsonContext.Default.Machine);

        Assert.Equal(json, JsonSerializer.Serialize(back, ApiJsonContext.Default.Machine));
        Assert.Equal(4L << 40, back!.Facts!.Disks[0].SizeBytes);
        Assert.Equal(MachineStates.Installing, back.State);
    }

    [Fact]
    public void Names_are_camel_case_times_are_rfc_3339_and_nulls_are_left_out()
    {
        var json = JsonSerializer.Serialize(new Machine { Serial = "a", LastBoot = Noon, KeepDiskData = true }, ApiJsonContext.Default.Machine);

        Assert.Equal(
            """{"serial":"a","hasRecord":false,"macAddresses":[],"state":"","additionalAddresses":{},"lastBoot":"2026-01-02T12:00:00+00:00","enabled":false,"keepDiskData":true,"versions":{},"overrides":{},"metadata":[]}""",
            json);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"serial":null,"macAddresses":null,"state":null,"versions":null,"overrides":null,"metadata":null}""")]
    [InlineData("""{"macAddresses":[null],"metadata":[null],"somethingNewer":{"a":[1]}}""")]
    public void What_is_missing_or_null_reads_as_empty_and_what_is_unknown_is_passed_over(string json)
    {
        var machine = JsonSerializer.Deserialize(json, ApiJsonContext.Default.Machine)!;

        Assert.Equal("", machine.Serial);
        Assert.Equal("", machine.State);
        Assert.Empty(machine.MacAddresses);
        Assert.Empty(machine.Metadata);
        Assert.Empty(machine.Versions);
        Assert.Empty(machine.Overrides);
    }

    [Fact]
    public void An_empty_envelope_holds_an_empty_list() =>
        Assert.Empty(JsonSerializer.Deserialize("{}", ApiJsonContext.Default.ItemListMachine)!.Items);

    [Fact]
    public void A_problem_is_written_in_lower_case_whichever_listener_says_it()
    {
        var problem = new ApiProblem { Title = "t", Status = 409, Detail = "d" };

        Assert.Equal("""{"title":"t","status":409,"detail":"d"}""", JsonSerializer.Serialize(problem, ApiJsonContext.Default.ApiProblem));
        Assert.Equal("""{"title":"t","status":409,"detail":"d"}""", JsonSerializer.Serialize(problem, BootJsonContext.Default.ApiProblem));
    }
}
