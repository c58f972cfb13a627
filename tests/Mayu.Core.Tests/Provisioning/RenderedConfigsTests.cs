using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Provisioning;

public sealed class RenderedConfigsTests : IDisposable
{
    // What the fetch of a config changes.
    private static readonly string[] Unseen = [nameof(Machine.State), nameof(Machine.LastBoot), nameof(Machine.Image), nameof(Machine.InstalledProfile)];

    private readonly string _directory = Directory.CreateTempSubdirectory("mayu-rendered-").FullName;

    public static TheoryData<string> Properties => [.. typeof(Machine).GetProperties().Where(property => property.CanWrite && property.Name != nameof(Machine.Serial)).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void A_config_of_another_record_is_kept_only_for_what_the_fetch_of_it_changes(string property)
    {
        var machine = Sample.Machine("s1");
        var changed = Changed(machine, typeof(Machine).GetProperty(property)!);
        Assert.NotEqual(machine, changed);
        Assert.Equal(Unseen.Contains(property), Inputs(machine).AreThose(Inputs(changed)));
    }

    [Fact]
    public void No_template_sees_what_the_fetch_of_a_config_changes()
    {
        var machine = Sample.Machine("s1");
        var fetched = Unseen.Aggregate(machine, (last, property) => Changed(last, typeof(Machine).GetProperty(property)!));
        Assert.Equal(All(machine), All(fetched));
        Assert.NotEqual(All(machine), All(machine with { Hostname = "other" }));
    }

    [Fact]
    public void What_was_asked_for_longest_ago_gives_way()
    {
        var configs = new RenderedConfigs(mostCharacters: 30);
        var renderer = Renderer();
        foreach (var serial in (string[])["s1", "s2", "s3"])
        {
            Add(configs, serial, new string('x', 10));
        }

        Assert.True(Has("s1"));
        Add(configs, "s4", new string('x', 10));
        Assert.True(Has("s1"));
        Assert.False(Has("s2"));
        Assert.True(Has("s3"));
        Assert.True(Has("s4"));

        bool Has(string serial) => configs.TryFind("t", Inputs(Sample.Machine(serial) with { MacAddresses = [] }), renderer, out _);
    }

    [Fact]
    public void One_that_is_rendered_again_counts_once()
    {
        var configs = new RenderedConfigs(mostCharacters: 30);
        Add(configs, "s1", new string('x', 10));
        for (var i = 0; i < 100; i++)
        {
            Add(configs, "s2", new string('x', 20));
        }

        Assert.True(configs.TryFind("t", Inputs(Sample.Machine("s1") with { MacAddresses = [] }), Renderer(), out _));
    }

    [Fact]
    public void One_longer_than_all_may_be_drives_none_out()
    {
        var configs = new RenderedConfigs(mostCharacters: 30);
        Add(configs, "s1", new string('x', 10));
        Add(configs, "s2", new string('x', 31));
        Assert.True(configs.TryFind("t", Inputs(Sample.Machine("s1") with { MacAddresses = [] }), Renderer(), out _));
        Assert.False(configs.TryFind("t", Inputs(Sample.Machine("s2") with { MacAddresses = [] }), Renderer(), out _));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void Add(RenderedConfigs configs, string serial, string config) =>
        configs.Add("t", Inputs(Sample.Machine(serial) with { MacAddresses = [] }), new RenderSources(), config);

    private static readonly Core.Profiles.Profile Profile = Sample.Profile("core");

    private static RenderInputs Inputs(Machine machine) => new(machine, Profile, null, "http://10.0.0.1:4081", OutputCheck.None);

    private TemplateRenderer Renderer() => new(new TemplateLibrary(new TestTemplates(_directory), new TestTemplates(_directory)));

    // Everything that a template can print of a machine.
    private string All(Machine machine)
    {
        Directory.CreateDirectory(Path.Combine(_directory, "generic"));
        File.WriteAllText(Path.Combine(_directory, "generic", "t"), "{{ [mayu.url, machine, profile, image, network, vars] | json }}");
        return new Provisioner(Renderer(), new ProvisioningSettings { Network = Sample.Network, BootUrl = "http://10.0.0.1:4081" })
            .Config(machine, Profile with { Provisioning = Core.Profiles.ProvisioningKind.Generic, Template = "t" }, image: null).Text;
    }

    private static Machine Changed(Machine machine, PropertyInfo property)
    {
        var changed = machine with { };
        property.SetValue(changed, Another(property.PropertyType, property.GetValue(machine)));
        return changed;
    }

    private static object Another(Type type, object? value) => value switch
    {
        bool flag => !flag,
        MachineState state => state == MachineState.Running ? MachineState.Installed : MachineState.Running,
        ImmutableArray<MacAddress> => ImmutableArray.Create(Sample.Mac(77)),
        ImmutableArray<string> => ImmutableArray.Create("tag=1"),
        ImmutableSortedDictionary<string, string> => Machine.NoStrings.Add("a", "b"),
        ImmutableSortedDictionary<string, Ipv4> => Machine.NoAddresses.Add("a", Sample.Address("10.0.0.77")),
        _ when type == typeof(string) => "another",
        _ when type == typeof(Serial?) => Sample.Serial("another"),
        _ when type == typeof(Guid?) => new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]),
        _ when type == typeof(Ipv4?) => Sample.Address("10.0.0.77"),
        _ when type == typeof(DateTimeOffset?) => Sample.Now,
        _ when type.IsClass => RuntimeHelpers.GetUninitializedObject(type),
        _ => throw new InvalidOperationException($"{type}: no other value is known"),
    };
}
