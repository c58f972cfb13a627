using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>The commit that readers see. Who was told of it some time ago can tell by the number that there is a newer one: hands may move HEAD back.</summary>
/// <param name="Id">The commit.</param>
/// <param name="Number">Grows with each that is published.</param>
internal sealed record PublishedCommit(ObjectId Id, long Number);
