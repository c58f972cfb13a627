using System.Diagnostics;

namespace Mayu.Mutation.Tests;

/// <summary>A repository with one project of a few lines and its tests, in a folder that goes with it.</summary>
internal sealed class TinyRepository : IDisposable
{
    private const string Source = """
        namespace Mayu.Tiny;

        public static class Rules
        {
            public static bool IsAbove(int value, int limit) => value > limit;

            public static bool AreSame(int one, int other) => one == other;

            // A choice between two numbers is no byte, and texts cannot be subtracted: neither compiles.
            public static byte Octet() => 7;

            public static string Join(string one, string other) => one + other;
        }
        """;

    private const string Tests = """
        using Mayu.Tiny;
        using Xunit;

        public class RulesTests
        {
            [Fact]
            public void A_higher_value_is_above() => Assert.True(Rules.IsAbove(2, 1));

            [Fact]
            public void An_octet_is_a_byte() => Assert.Equal(7, Rules.Octet());
        }

        public class BrokenTests
        {
            [Fact]
            public void It_fails_without_a_mutant_too() => Assert.True(Rules.AreSame(1, 2));
        }
        """;

    private const string Build = """
        <Project>
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <UseArtifactsOutput>true</UseArtifactsOutput>
            <ArtifactsPath>$(MSBuildThisFileDirectory)artifacts</ArtifactsPath>
            <NuGetAudit>false</NuGetAudit>
          </PropertyGroup>
        </Project>
        """;

    public TinyRepository()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SourceFile)!);
        Directory.CreateDirectory(Path.Combine(Folder, "tests", "Mayu.Tiny.Tests"));
        File.WriteAllText(SourceFile, Source);
        File.WriteAllText(Path.Combine(Folder, "src", "Mayu.Tiny", "Mayu.Tiny.csproj"), """<Project Sdk="Microsoft.NET.Sdk" />""");
        File.WriteAllText(Path.Combine(Folder, "tests", "Mayu.Tiny.Tests", "RulesTests.cs"), Tests);
        File.WriteAllText(Path.Combine(Folder, "tests", "Mayu.Tiny.Tests", "Mayu.Tiny.Tests.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="xunit.v3" />
                <ProjectReference Include="../../src/Mayu.Tiny/Mayu.Tiny.csproj" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(Folder, "Directory.Build.props"), Build);
        foreach (var name in new[] { "Directory.Packages.props", "global.json" })
        {
            File.Copy(Path.Combine(Root, name), Path.Combine(Folder, name));
        }

        using var git = Process.Start("git", ["init", "--quiet", Folder]);
        git.WaitForExit();
    }

    /// <summary>The repository that these tests run in.</summary>
    public static string Root { get; } = FindRoot();

    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-tiny-").FullName;

    public bool IsUnchanged => File.ReadAllText(SourceFile) == Source && !Directory.Exists(Path.Combine(Folder, "artifacts"));

    private string SourceFile => Path.Combine(Folder, "src", "Mayu.Tiny", "Rules.cs");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mayu.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
