using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.Primitives;

namespace Mayu.Client.Tests.Contracts;

public sealed class BootJsonTests
{
    [Fact]
    public void The_report_of_the_first_mayus_infopusher_is_read()
    {
        const string Body = """{"Serial":"004b27ed","NetDevs":[{"Name":"eth0","MacAddress":"52:54:00:12:34:56"}],"ConnectedNIC":"eth0","IPMIAddress":"10.0.0.9"}""";

        var facts = JsonSerializer.Deserialize(Body, BootJsonContext.Default.FactsReport)!;

        Assert.Equal("004b27ed", facts.Serial);
        Assert.Equal(("eth0", "52:54:00:12:34:56"), (facts.NetDevs[0].Name, facts.NetDevs[0].MacAddress));
        Assert.Equal("eth0", facts.ConnectedNIC);
        Assert.Equal("10.0.0.9", facts.IPMIAddress);
        Assert.Empty(facts.Disks);
        Assert.Null(facts.MemoryBytes);
    }

    [Fact]
    public void Names_are_written_as_the_first_mayu_wrote_them()
    {
        var facts = new FactsReport { Serial = "s", ConnectedNIC = "eth0", IPMIAddress = "10.0.0.9", IPMIMacAddress = "52:54:00:00:00:01", NetDevs = [new NetDev { Name = "eth0", SpeedMbps = 10000 }] };

        Assert.Equal(
            """{"Serial":"s","ConnectedNIC":"eth0","IPMIAddress":"10.0.0.9","IPMIMacAddress":"52:54:00:00:00:01","NetDevs":[{"Name":"eth0","MacAddress":"","SpeedMbps":10000}],"Disks":[]}""",
            JsonSerializer.Serialize(facts, BootJsonContext.Default.FactsReport));
    }

    [Fact]
    public void A_report_in_camel_case_is_read_too() =>
        Assert.Equal("eth1", JsonSerializer.Deserialize("""{"serial":"x","connectedNic":"eth1"}""", BootJsonContext.Default.FactsReport)!.ConnectedNIC);

    [Fact]
    public void Lists_that_are_null_or_hold_null_are_safe_to_walk()
    {
        var facts = JsonSerializer.Deserialize("""{"Serial":null,"NetDevs":[null,{"Name":null,"MacAddress":null}],"Disks":null}""", BootJsonContext.Default.FactsReport)!;

        Assert.Equal("", facts.Serial);
        Assert.Equal("", Assert.Single(facts.NetDevs).MacAddress);
        Assert.Empty(facts.Disks);
        Assert.Empty(JsonSerializer.Deserialize("""{"Versions":{"OS":null}}""", BootJsonContext.Default.BootCompleteReport)!.Versions);
    }

    [Fact]
    public void Callbacks_are_read_as_a_shell_script_writes_them()
    {
        var progress = JsonSerializer.Deserialize("""{"what":"writing the image","done":123,"total":456}""", BootJsonContext.Default.ProgressReport)!;
        var failure = JsonSerializer.Deserialize("""{"step":"disk","reason":"too small"}""", BootJsonContext.Default.FailureReport)!;
        var complete = JsonSerializer.Deserialize("""{"Versions":{"OS":"1.0","Kernel":"6.1"}}""", BootJsonContext.Default.BootCompleteReport)!;

        Assert.Equal(("writing the image", 123, 456L), (progress.What, progress.Done, progress.Total));
        Assert.Equal(("disk", "too small"), (failure.Step, failure.Reason));
        Assert.Equal("6.1", complete.Versions["Kernel"]);
    }
}
