using System.Xml.Linq;
using static Mayu.Architecture.Tests.Repository;

namespace Mayu.Architecture.Tests;

/// <summary>The rooms of the house and the arrows between them, read from the project files and the sources.</summary>
public class RoomTests
{
    // Who may know whom. A room that is not here, or an arrow that is not here, is a decision: write an ADR first.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Mayu.Primitives"] = [],
        ["Mayu.Linux"] = ["Mayu.Primitives"],
        ["Mayu.Protocols"] = ["Mayu.Primitives"],
        ["Mayu.Core"] = ["Mayu.Primitives"],
        ["Mayu.Storage"] = ["Mayu.Core", "Mayu.Linux"],
        ["Mayu.Netboot"] = ["Mayu.Core", "Mayu.Linux", "Mayu.Protocols"],
        ["Mayu.Client"] = ["Mayu.Primitives"],
        ["Mayu.Server"] = ["Mayu.Client", "Mayu.Core", "Mayu.Linux", "Mayu.Netboot", "Mayu.Protocols", "Mayu.Storage"],
        // Protocols for the client simulator.
        ["Mayu.Ctl"] = ["Mayu.Client", "Mayu.Linux", "Mayu.Protocols"],
        ["Mayu.InfoPusher"] = ["Mayu.Client"],
    };

    public static TheoryData<string> Rooms => [.. Arrows.Keys];

    [Fact]
    public void There_are_these_rooms_and_no_others() =>
        Assert.Equal(Arrows.Keys.Order(), Directory.GetDirectories(Path.Combine(Root, "src")).Select(directory => Path.GetFileName(directory)!).Order());

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_knows_only_the_rooms_it_may_know(string room)
    {
        var project = XDocument.Load(Path.Combine(Root, "src", room, $"{room}.csproj"));
        var known = project.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));
        Assert.Empty(known.Except(Arrows[room]));
    }

    [Fact]
    public void The_wire_knows_neither_sockets_nor_clocks_nor_packages()
    {
        Assert.Empty(XDocument.Load(Path.Combine(Root, "src/Mayu.Protocols/Mayu.Protocols.csproj")).Descendants("PackageReference"));
        Assert.Empty(SourcesWith("src/Mayu.Protocols", "new Socket(", "UdpClient", "TimeProvider", "DateTime", "Stopwatch", "System.IO.File"));
    }

    [Fact]
    public void Network_boot_knows_no_web_server() =>
        Assert.Empty(XDocument.Load(Path.Combine(Root, "src/Mayu.Netboot/Mayu.Netboot.csproj")).Descendants("FrameworkReference"));

    [Fact]
    public void Libc_is_called_in_one_project() => Assert.DoesNotContain(
        SourcesWith("src", "LibraryImport(", "DllImport("), file => !file.StartsWith("src/Mayu.Linux/", StringComparison.Ordinal));

    [Fact]
    public void The_decisions_know_no_network_and_no_disk() => Assert.Empty(
        SourcesWith("src/Mayu.Core", "new Socket(", "System.Net.Http", "Process.Start", "File.OpenRead", "File.ReadAll", "FileStream(", "Directory."));

    [Fact]
    public void Only_the_one_planner_decides_about_booting() =>
        Assert.Equal(["BootPlanner.cs", "BootDecisions.cs"],
            SourcesWith("src", "class BootPlanner", "BootPlanner _planner", "new BootPlanner(").Select(Path.GetFileName).OrderDescending());

    // Who has a MAC or a UUID on record is not yet who asks: the identity alone says that. The others keep what must be unique so.
    [Fact]
    public void Only_the_one_identity_decides_who_is_asking() => Assert.Equal(
        ["BootDecisions.cs", "ClusterSnapshot.cs", "ConflictResolution.cs", "IdentityResolver.cs", "OperatorChanges.cs", "Pinning.cs", "Registration.cs", "Rollback.cs"],
        SourcesWith("src", "OwnersOf(", "IdentityResolver.Resolve(").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void No_file_of_the_shipped_programs_holds_two_things() =>
        Assert.Empty(Sources("src").Where(file => File.ReadLines(file).Count() > 400).Select(file => Path.GetRelativePath(Root, file)));
}
