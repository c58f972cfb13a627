using Mayu.Core.Ignition;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Tests.Provisioning;

namespace Mayu.Core.Tests.Hostile;

/// <summary>Each shipped template, and each example, with hostile values in each place: the config is the benign one apart from the value, or there is none.</summary>
public class HostileConfigTests
{
    private const string Mark = "benign-0";

    private static readonly Dictionary<string, Func<HostileInput, List<Leaf>>> Kinds = new(StringComparer.Ordinal)
    {
        ["ignition"] = input => DocumentTree.OfJson(Config(input, ProvisioningKind.Ignition, "default")),
        ["cloud-config"] = input => DocumentTree.OfYaml(Config(input, ProvisioningKind.CloudConfig, "last_stage")),
        ["cloud-init, NoCloud"] = input => [.. ExampleText.Of(input.Variables).NoCloud(input.Machine, ProfileOf(ProvisioningKind.CloudInit, "default"), image: null).Files
            .SelectMany(file => DocumentTree.OfYaml(file.Text).Select(leaf => leaf with { Name = $"{file.Name} {leaf.Name}" }))],
        ["first-stage script"] = input => DocumentTree.OfShell(ExampleText.Of(input.Variables).FirstStageScript(input.Machine.Serial)),
        ["first-stage cloud-config"] = input => DocumentTree.OfYaml(ExampleText.Of(input.Variables).FirstStageCloudConfig(input.Machine.Serial)),
        ["flatcar.yaml"] = input => DocumentTree.OfJson(RenderedYaml.Ignition(Example(input, "flatcar.yaml"))),
        ["fedora-coreos.yaml"] = input => DocumentTree.OfJson(RenderedYaml.Ignition(Example(input, "fedora-coreos.yaml"))),
        ["talos.yaml"] = input => DocumentTree.OfYaml(Example(input, "talos.yaml")),
        ["windows-unattend.xml"] = input => DocumentTree.OfXml(Example(input, "windows-unattend.xml")),
        ["agama.json"] = input => DocumentTree.OfJson(Example(input, "agama.json")),
        ["ubuntu-autoinstall.yaml"] = input => DocumentTree.OfYaml(RenderedYaml.CloudConfig(Example(input, "ubuntu-autoinstall.yaml"))),
        ["debian-preseed.cfg"] = input => DocumentTree.OfPreseed(Example(input, "debian-preseed.cfg")),
        ["kickstart.ks"] = input => DocumentTree.OfKickstart(Example(input, "kickstart.ks")),
    };

    // Before the long counts, so many that each takes a few seconds: hashing a password takes milliseconds.
    public static TheoryData<string, int> Rows => new(Kinds.Keys.Select(kind => (kind, kind switch
    {
        "agama.json" or "ubuntu-autoinstall.yaml" or "debian-preseed.cfg" or "kickstart.ks" => 50,
        "first-stage cloud-config" or "talos.yaml" or "windows-unattend.xml" => 1,
        _ => 5,
    })));

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_hostile_value_changes_nothing_but_itself_or_is_refused(string kind, int share)
    {
        const int Seed = 11;
        var read = Kinds[kind];
        var places = HostilePlace.All.Select(place => (place.Name, place.With, Benign: read(place.With(Mark)!))).ToList();
        var (at, taken) = (0, 0);
        foreach (var hostile in HostileValues.Of(Seed, HostileValues.Count(share)))
        {
            var (name, with, benign) = places[at++ % places.Count];
            if (with(hostile) is not { } input)
            {
                continue;
            }

            string? fault;
            try
            {
                fault = DocumentTree.Difference(benign, Mark, read(input), input.Value);
                taken++;
            }
            catch (IgnitionFaultsException)
            {
                continue;
            }
            catch (TemplateException e) when (e.Message.StartsWith("template ", StringComparison.Ordinal) && !e.Message.Contains("please report it", StringComparison.Ordinal))
            {
                continue;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                fault = $"{e.GetType().Name}: {e.Message}";
            }

            Assert.True(fault is null, $"{kind}, {name}, value {at - 1} of seed {Seed}: {HostileValues.Shown(hostile)} gives {fault}");
        }

        Assert.True(taken > at / 8, $"only {taken} of {at} values were taken");
    }

    private static string Config(HostileInput input, ProvisioningKind kind, string template) =>
        ExampleText.Of(input.Variables).Config(input.Machine, ProfileOf(kind, template), image: null).Text;

    private static Profile ProfileOf(ProvisioningKind kind, string template) => ExampleText.Profile with { Provisioning = kind, Template = template };

    private static string Example(HostileInput input, string name) => ExampleText.Render(name, input.Machine, input.Variables);
}
