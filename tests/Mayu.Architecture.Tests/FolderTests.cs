using System.Reflection;
using System.Text.RegularExpressions;
using ArchUnitNET.Loader;
using static Mayu.Architecture.Tests.Repository;
using IType = ArchUnitNET.Domain.IType;

namespace Mayu.Architecture.Tests;

/// <summary>The folders of each project know each other one way only: read from the compiled code, and from the usings, which alone show a constant's use.</summary>
public partial class FolderTests
{
    private const int MostFiles = 25;
    private const int MostLines = 400;
    private const int MostParameters = 6;

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Compiled = new(() => new ArchLoader().LoadAssemblies(
        [.. FolderTable.Projects.Keys.Select(project => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, AssemblyOf(project))))]).Build());

    public static TheoryData<string> Projects => [.. FolderTable.Projects.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_has_the_folders_of_the_table(string project) => Assert.Equal(
        FolderTable.Projects[project].Keys.Order(StringComparer.Ordinal),
        Sources($"src/{project}").Select(file => FolderOf(project, file)).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_table_has_no_circles(string project)
    {
        var left = new Dictionary<string, string[]>(FolderTable.Projects[project], StringComparer.Ordinal);
        while (left.FirstOrDefault(folder => !folder.Value.Any(left.ContainsKey)) is { Value: not null } free)
        {
            left.Remove(free.Key);
        }

        Assert.Empty(left.Keys);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_compiled_code_of_a_folder_names_only_folders_it_may_know(string project) => Assert.Empty(Forbidden(project,
        from type in Compiled.Value.Types
        where InProject(project, NamespaceOf(type))
        from target in type.Dependencies.Select(dependency => NamespaceOf(dependency.Target)).Distinct()
        where InProject(project, target)
        select (type.FullName, FolderOf(project, NamespaceOf(type), '.'), FolderOf(project, target, '.'))));

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_usings_of_a_folder_name_only_folders_it_may_know(string project) => Assert.Empty(Forbidden(project,
        from file in Sources($"src/{project}")
        from target in UsingsOf(File.ReadAllText(file))
        where InProject(project, target)
        select (Path.GetRelativePath(Root, file), FolderOf(project, file), FolderOf(project, target, '.'))));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_has_few_enough_files_to_be_read(string project) => Assert.DoesNotContain(
        Sources($"src/{project}").CountBy(file => FolderOf(project, file)), folder => folder.Value > MostFiles && folder.Key != "Contracts");

    // A file is not what has to be understood at once: the parts of a class count together.
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_type_is_short_enough_to_be_read(string project) => Assert.Empty(
        from file in Sources($"src/{project}")
        from part in PartialType().Matches(File.ReadAllText(file)).Select(match => (Name: match.Groups["name"].Value, Folder: FolderOf(project, file), File: file)).Distinct()
        group part by (part.Folder, part.Name) into type
        let lines = type.Select(part => part.File).Distinct().Sum(name => File.ReadLines(name).Count())
        where lines > MostLines
        select $"{type.Key.Name}: {lines} lines");

    // Who needs more is several things, or wants one that has a name.
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_constructor_has_few_enough_parameters_to_be_read(string project) => Assert.Empty(
        from type in Compiled.Value.Types
        where InProject(project, NamespaceOf(type)) && !type.Name.Contains("__", StringComparison.Ordinal)
        from constructor in type.Members.OfType<ArchUnitNET.Domain.MethodMember>()
        where constructor.MethodForm == ArchUnitNET.Domain.MethodForm.Constructor && constructor.Parameters.Count() > MostParameters
        select constructor.FullName);

    [Fact]
    public void A_wrong_arrow_is_found()
    {
        Assert.Equal(["x.cs: Machines -> Boot"], Forbidden("Mayu.Core", [("x.cs", "Machines", "Boot"), ("x.cs", "Boot", "Machines"), ("x.cs", "Boot", "Boot")]));
        Assert.Equal(["Mayu.Core.Boot", "Mayu.Core.Machines.Serial", "Mayu.Core.Yaml.YamlNode"],
            UsingsOf("using System;\nusing Mayu.Core.Boot;\nusing static Mayu.Core.Machines.Serial;\nusing Node = Mayu.Core.Yaml.YamlNode;\nnamespace X;"));
        Assert.Equal(["", "Machines", "Dhcp/Proxy"],
            [FolderOf("Mayu.Core", "Mayu.Core", '.'), FolderOf("Mayu.Core", "Mayu.Core.Machines", '.'), FolderOf("Mayu.Server", "Mayu.Server.Dhcp.Proxy", '.')]);
    }

    private static IEnumerable<string> Forbidden(string project, IEnumerable<(string Where, string From, string To)> arrows) =>
        from arrow in arrows.Distinct()
        where arrow.From != arrow.To && !FolderTable.Projects[project][arrow.From].Contains(KnownPart(project, arrow.To), StringComparer.Ordinal)
            && KnownPart(project, arrow.To) != arrow.From
        select $"{arrow.Where}: {arrow.From} -> {arrow.To}";

    // `using static` and aliases name a type below the folder.
    private static string KnownPart(string project, string folder) =>
        FolderTable.Projects[project].ContainsKey(folder) || !folder.Contains('/') ? Known(project, folder) : KnownPart(project, folder[..folder.LastIndexOf('/')]);

    private static string Known(string project, string folder) => FolderTable.Projects[project].ContainsKey(folder) ? folder : "";

    // Type parameters and generated types have none.
    private static string NamespaceOf(IType type) => type.Namespace?.FullName ?? "";

    private static bool InProject(string project, string name) => name == project || name.StartsWith(project + '.', StringComparison.Ordinal);

    private static string FolderOf(string project, string name, char separator) =>
        name.Length == project.Length ? "" : name[(project.Length + 1)..].Replace(separator, '/');

    private static string FolderOf(string project, string file) =>
        Path.GetRelativePath(Path.Combine(Root, "src", project), Path.GetDirectoryName(file)!) is var folder && folder == "." ? "" : folder;

    private static IEnumerable<string> UsingsOf(string text) => UsingLine().Matches(text).Select(match => match.Groups["name"].Value);

    private static string AssemblyOf(string project) => project switch
    {
        "Mayu.Server" => "mayu.dll",
        "Mayu.Ctl" => "mayuctl.dll",
        "Mayu.InfoPusher" => "infopusher.dll",
        _ => project + ".dll",
    };

    [GeneratedRegex(@"^using (static |\w+ = )?(?<name>Mayu[\w.]*);", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^[\w ]*\bpartial (class|record|struct|record struct) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PartialType();
}
