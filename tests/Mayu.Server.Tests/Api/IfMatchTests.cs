using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Api.Machines;

namespace Mayu.Server.Tests.Api;

public sealed class IfMatchTests
{
    private static readonly Machine Record = new() { Serial = SerialOf("a"), State = MachineState.Running, Profile = "core", InstallId = "1", InstalledProfile = "core" };

    public static TheoryData<string, Func<Machine, Machine>> Changes => new()
    {
        { "state", machine => machine with { State = MachineState.Installed } },
        { "profile", machine => machine with { Profile = "edge" } },
        { "tags", machine => machine with { Metadata = ["rack=7"] } },
        { "override", machine => machine with { Overrides = machine.Overrides.SetItem("x", "1") } },
        { "installation", machine => machine with { InstallId = "2" } },
        { "installed profile", machine => machine with { InstalledProfile = "edge" } },
        { "serial that it says", machine => machine with { SaidSerial = SerialOf("b") } },
        { "notes", machine => machine with { Notes = "x" } },
        { "image", machine => machine with { Image = "os" } },
        { "enabled", machine => machine with { Enabled = false } },
        { "keeps its data", machine => machine with { KeepDiskData = true } },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Each_other_content_has_another_tag(string what, Func<Machine, Machine> change)
    {
        Assert.NotEqual("", what);
        Assert.Equal(IfMatch.TagOf(Record), IfMatch.TagOf(Record with { }));
        Assert.NotEqual(IfMatch.TagOf(Record), IfMatch.TagOf(change(Record)));
    }

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new InvalidOperationException(text);
}
