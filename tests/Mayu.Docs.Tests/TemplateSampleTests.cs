using System.Text;
using Mayu.Core.Butane;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Primitives;
using Mayu.Server.Configuration;

namespace Mayu.Docs.Tests;

/// <summary>The samples of docs/templates.md are rendered with the configuration that is on that page, and print what it says.</summary>
public class TemplateSampleTests
{
    private const string Page = "docs/templates.md";

    public static TheoryData<string> Samples => [.. Blocks("sample").Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_prints_what_the_page_says(string name)
    {
        var text = Render(Blocks("sample")[name]);
        if (Blocks("prints").TryGetValue(name, out var expected))
        {
            Assert.Equal(expected.TrimEnd('\n'), text.TrimEnd('\n'));
        }
        else
        {
            Assert.NotEqual("", text);
        }
    }

    [Fact]
    public void Each_template_on_the_page_is_a_sample_and_most_say_what_they_print()
    {
        Assert.Equal(Blocks("sample").Count, Repository.Page(Page).Blocks.Count(block => block.Text.Contains("{{", StringComparison.Ordinal)));
        Assert.Subset(Blocks("sample").Keys.ToHashSet(StringComparer.Ordinal), Blocks("prints").Keys.ToHashSet(StringComparer.Ordinal));
        Assert.True(Blocks("prints").Count >= 3);
    }

    [Fact]
    public void The_unit_that_mounts_the_seed_is_that_of_the_image_that_tests_install() => Assert.Equal(
        Repository.Text("lab/images/cloud-os/root/etc/systemd/system/var-lib-cloud-seed-nocloud.mount"),
        Repository.Page(Page).Blocks.Single(block => block.Before == "<!-- unit -->").Text);

    private static Dictionary<string, string> Blocks(string kind) => Repository.Page(Page).Blocks
        .Where(block => block.Before.StartsWith($"<!-- {kind}: ", StringComparison.Ordinal))
        .ToDictionary(block => block.Before[$"<!-- {kind}: ".Length..^" -->".Length], block => block.Text, StringComparer.Ordinal);

    private static string Render(string template)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, Repository.Page(Page).Blocks.First(block => block.Language == "yaml").Text);
            var configuration = ConfigurationSchema.Bind(ConfigurationReader.Open(file, OutsideValues.None))!;
            var renderer = new TemplateRenderer(new TemplateLibrary(files: new Files()));
            var provisioner = new Provisioner(renderer, configuration.Provisioning());
            var machine = new Machine
            {
                Serial = Serial.TryParse("vm-001", out var serial, out _) ? serial : throw new InvalidOperationException(),
                State = MachineState.Configured,
                InternalAddress = configuration.Cluster.InternalRange.Start,
                MacAddresses = [MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1])],
            };
            return renderer.Render(new TemplateText(Page, template), provisioner.ConfigVariables(machine, new Profile { Name = "core", Quantity = 1, Image = "lab-os", Template = "default" }, image: null));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private sealed class Files : IEmbeddedFiles
    {
        public ReadOnlyMemory<byte> Read(string path) => Encoding.UTF8.GetBytes(path switch
        {
            "etc/motd" => "Welcome",
            "etc/issue" => "{{ machine.hostname }}",
            _ => throw new EmbeddedFileException("there is no such file"),
        });

        public IReadOnlyList<EmbeddedFile> Below(string path) => [];
    }
}
