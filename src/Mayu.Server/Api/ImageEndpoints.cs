using Mayu.Core.Machines;
using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Http;
using Mayu.Server.Images;
using Mayu.Server.Live;
using Microsoft.AspNetCore.Http.HttpResults;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>The images: what there is, what is in use, and what is missing of it.</summary>
internal sealed class ImageEndpoints(LiveConfiguration live, IMachineStore store)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/images", List).For(Role.Viewer)
            .WithName("listImages").WithSummary("The images by name, what uses each, and what is missing of it: those in the folder of images, and those that are in use and are not there.");
        routes.MapGet("/api/v1/images/{name}", Show).For(Role.Viewer).WithName("getImage").WithSummary("One image.");
    }

    private HashedAnswer<Contracts.ItemList<Contracts.Image>> List()
    {
        var (settings, images) = (live.Current.Settings, Catalog());
        var machines = store.Current.Machines.CountBy(machine => machine.Image ?? "").ToDictionary(StringComparer.Ordinal);
        return new(new() { Items = [.. images.All(settings.Cluster.Profiles, settings.DiscoveryImage).Select(image => ViewOf(image, machines.GetValueOrDefault(image.Name)))] });
    }

    private Results<HashedAnswer<Contracts.Image>, Problem> Show(NameSegment asked)
    {
        var (settings, images) = (live.Current.Settings, Catalog());
        return images.Find(asked.Value, settings.Cluster.Profiles, settings.DiscoveryImage) is { } image
            ? new HashedAnswer<Contracts.Image>(ViewOf(image, store.Current.Machines.Count(machine => machine.Image == image.Name)))
            : Problem.Of(new Refusal(RefusalReason.NotFound, $"There is no image {asked.Value}. `mayuctl image list` shows all."));
    }

    private ImageCatalog Catalog() => new(live.Current.Settings.ImagesDirectory, live.Current.Images);

    private static Contracts.Image ViewOf(CatalogedImage image, int machines) => new()
    {
        Name = image.Name,
        Version = image.Disk?.Version,
        Architecture = image.Architecture,
        Files = [.. image.Files.Select(file => new Contracts.ImageFile { Name = file.Name, Kind = file.Kind, SizeBytes = file.Length })],
        DiskSizeBytes = image.Disk?.SizeBytes,
        Profiles = image.Profiles,
        IsDiscovery = image.IsDiscovery,
        Machines = machines,
        IsComplete = image.Problems.Count == 0,
        Problems = image.Problems,
    };
}
