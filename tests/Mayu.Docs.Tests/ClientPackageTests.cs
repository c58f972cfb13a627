using System.IO.Compression;

namespace Mayu.Docs.Tests;

/// <summary>`Mayu.Client` as a package: what is in it, and docs/client.md's program built against it, which talks to a real server.</summary>
/// <param name="server">Installed and started as the pages say.</param>
/// <param name="made">The packages.</param>
public sealed class ClientPackageTests(DocumentedServer server, ClientPackages made) : IClassFixture<DocumentedServer>, IClassFixture<ClientPackages>
{
    private const string Page = "docs/client.md";

    [Fact]
    public async Task The_package_has_a_readme_a_licence_comments_and_symbols_and_no_path_of_this_host()
    {
        await using var package = await ZipFile.OpenReadAsync(Directory.EnumerateFiles(made.Packages, "Mayu.Client.*.nupkg").Single(), TestContext.Current.CancellationToken);
        var names = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.Superset(new HashSet<string>(["README.md", "LICENSE", "lib/net10.0/Mayu.Client.dll", "lib/net10.0/Mayu.Client.xml"], StringComparer.Ordinal), names.ToHashSet(StringComparer.Ordinal));
        var specification = TextOf(package.GetEntry("Mayu.Client.nuspec")!);
        Assert.Contains("<license type=\"expression\">Apache-2.0</license>", specification, StringComparison.Ordinal);
        Assert.Contains("<readme>README.md</readme>", specification, StringComparison.Ordinal);
        Assert.Contains("<dependency id=\"Mayu.Primitives\" version=\"0.1.0\"", specification, StringComparison.Ordinal);
        var assembly = BytesOf(package.GetEntry("lib/net10.0/Mayu.Client.dll")!);
        using var reader = new System.Reflection.PortableExecutable.PEReader(new MemoryStream(assembly));
        Assert.Contains(reader.ReadDebugDirectory(), entry => entry.Type == System.Reflection.PortableExecutable.DebugDirectoryEntryType.EmbeddedPortablePdb);
        Assert.Contains(reader.ReadDebugDirectory(), entry => entry.Type == System.Reflection.PortableExecutable.DebugDirectoryEntryType.Reproducible);
        Assert.DoesNotContain(Repository.Root + "/", System.Text.Encoding.Latin1.GetString(assembly), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_of_the_page_is_built_against_the_package_and_talks_to_the_server()
    {
        Assert.SkipUnless(server.IsPossible || Environment.GetEnvironmentVariable("CI") == "true", "needs a network namespace (unshare) and the program ip");
        var program = Directory.CreateDirectory(Path.Combine(made.Folder, "program")).FullName;
        await File.WriteAllTextAsync(Path.Combine(program, "nuget.config"), """<configuration><packageSources><clear /><add key="local" value="../packages" /></packageSources></configuration>""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(program, "program.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
                <RestorePackagesPath>../restored</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <!-- As Mayu.Client does: it runs on Linux. -->
                <AssemblyAttribute Include="System.Runtime.Versioning.SupportedOSPlatformAttribute"><_Parameter1>linux</_Parameter1></AssemblyAttribute>
                <PackageReference Include="Mayu.Client" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """, TestContext.Current.CancellationToken);
        var blocks = Repository.Page(Page).Blocks;
        await File.WriteAllTextAsync(
            Path.Combine(program, "Program.cs"),
            blocks.Single(block => block.Before == "<!-- example: client -->").Text.Replace("/var/lib/mayu", server.DataFolder, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var output = Path.Combine(made.Folder, "out");
        await made.DotnetAsync("build", program, "--output", output);
        var said = await server.RunAsync($"dotnet {Path.Combine(output, "program.dll")}");

        Assert.Equal(new Said(0, blocks.Last(block => block.Language == "text").Text.TrimEnd('\n') + "\n", ""), said);
    }

    private static string TextOf(ZipArchiveEntry entry) => System.Text.Encoding.UTF8.GetString(BytesOf(entry));

    private static byte[] BytesOf(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
