// Local features and geometry as OpenCV has them, in the usual order: nearest neighbours of
// a photo's descriptors among those of all works, the ratio test against the nearest of
// another work (Lowe 2004, section 7.1), and for the works with most matches a homography by
// MAGSAC (Barath et al. 2020), whose inliers are the score.
#include "peers.h"

extern "C" {
#include "base/alloc.h"
#include "base/status.h"
}

#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/flann.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <memory>
#include <new>
#include <vector>

namespace
{

constexpr int SIDE_PX = 640; // larger pictures are made so small
constexpr int NEIGHBOURS = 4;
constexpr size_t CANDIDATES = 5;
constexpr double REACH_PX = 4; // of an inlier

struct Recipe {
    bool orb;
    int work_keypoints, photo_keypoints;
    float ratio;
};

constexpr Recipe ORB = {true, 1000, 2000, .85f};
constexpr Recipe ROOTSIFT = {false, 800, 1500, .8f};

struct Described {
    std::vector<cv::Point2f> points; // in pixels of the picture given
    cv::Mat descriptors;
    cv::Size size;
};

// Hellinger's distance instead of Euclid's (Arandjelovic and Zisserman 2012).
void take_roots(cv::Mat &descriptors)
{
    for (int i = 0; i < descriptors.rows; i++) {
        cv::Mat row = descriptors.row(i);
        cv::normalize(row, row, 1, 0, cv::NORM_L1);
        cv::sqrt(row, row);
    }
}

Described describe(const Recipe &recipe, const ko_grey &luma, int max_keypoints)
{
    const int width = static_cast<int>(luma.width), height = static_cast<int>(luma.height);
    const cv::Mat whole(height, width, CV_8U, luma.px, luma.stride);
    const double scale = std::min(1., static_cast<double>(SIDE_PX) / std::max(width, height));
    cv::Mat picture = whole;
    if (scale < 1)
        cv::resize(whole, picture, cv::Size(), scale, scale, cv::INTER_AREA);
    const cv::Ptr<cv::Feature2D> features =
        recipe.orb ? cv::Ptr<cv::Feature2D>(cv::ORB::create(max_keypoints))
                   : cv::Ptr<cv::Feature2D>(cv::SIFT::create(max_keypoints));
    std::vector<cv::KeyPoint> keypoints;
    Described out;
    out.size = whole.size();
    features->detectAndCompute(picture, cv::noArray(), keypoints, out.descriptors);
    for (const cv::KeyPoint &k : keypoints)
        out.points.emplace_back(static_cast<float>(k.pt.x / scale),
                                static_cast<float>(k.pt.y / scale));
    if (!recipe.orb && !out.descriptors.empty())
        take_roots(out.descriptors);
    return out;
}

struct Peer {
    const Recipe &recipe;
    std::vector<Described> works;
    // The index, and of each of its rows the work and the number of its point.
    cv::Mat rows;
    std::vector<uint32_t> work_of;
    std::vector<size_t> point_of;
    std::unique_ptr<cv::flann::Index> index;

    Peer(const Recipe &r, uint32_t n_works) : recipe(r), works(n_works)
    {
    }
};

// --- matches ---

struct Matches {
    uint32_t work = 0;
    std::vector<cv::Point2f> from, to; // in the work, in the photo
};

// Squared distances come from trees, plain ones from tables of bits.
bool is_distinct(const Recipe &recipe, float nearest, float other)
{
    return nearest < (recipe.orb ? recipe.ratio : recipe.ratio * recipe.ratio) * other;
}

// Of each work what passes the ratio test; works with most matches first.
std::vector<Matches> match(Peer &peer, const Described &photo)
{
    std::vector<Matches> all(peer.works.size());
    for (uint32_t i = 0; i < all.size(); i++)
        all[i].work = i;
    cv::Mat indices, distances;
    peer.index->knnSearch(photo.descriptors, indices, distances, NEIGHBOURS,
                          cv::flann::SearchParams(64));
    distances.convertTo(distances, CV_32F);
    const int n_rows = peer.rows.rows;
    for (int q = 0; q < indices.rows; q++) {
        const int *row = indices.ptr<int>(q);
        const float *distance = distances.ptr<float>(q);
        if (row[0] < 0 || row[0] >= n_rows)
            continue; // tables of bits may find nothing
        const uint32_t work = peer.work_of[static_cast<size_t>(row[0])];
        int k = 1;
        while (k < NEIGHBOURS && row[k] >= 0 && row[k] < n_rows &&
               peer.work_of[static_cast<size_t>(row[k])] == work)
            k++;
        const bool has_other = k < NEIGHBOURS && row[k] >= 0 && row[k] < n_rows;
        if (has_other && !is_distinct(peer.recipe, distance[0], distance[k]))
            continue;
        const size_t point = peer.point_of[static_cast<size_t>(row[0])];
        all[work].from.push_back(peer.works[work].points[point]);
        all[work].to.push_back(photo.points[static_cast<size_t>(q)]);
    }
    std::stable_sort(all.begin(), all.end(), [](const Matches &a, const Matches &b) {
        return a.from.size() > b.from.size();
    });
    return all;
}

// --- geometry ---

// Adds a claim when a homography that leaves the work convex has inliers.
void verify(const Peer &peer, const Matches &m, ko_bench_answer *out)
{
    cv::Mat inliers;
    const cv::Mat h = cv::findHomography(m.from, m.to, cv::USAC_MAGSAC, REACH_PX, inliers);
    if (h.empty())
        return;
    const cv::Size size = peer.works[m.work].size;
    const float w = static_cast<float>(size.width), t = static_cast<float>(size.height);
    const std::vector<cv::Point2f> corners = {{0, 0}, {w, 0}, {w, t}, {0, t}};
    std::vector<cv::Point2f> seen;
    cv::perspectiveTransform(corners, seen, h);
    if (!cv::isContourConvex(seen))
        return;
    const double n = cv::countNonZero(inliers);
    ko_bench_claim *claim = &out->claims[out->n++];
    *claim = ko_bench_claim{};
    claim->work = m.work;
    claim->score = n + n / (static_cast<double>(m.from.size()) + 1); // the share breaks ties
    claim->method = "part";
    claim->placed = true;
    for (size_t i = 0; i < 4; i++) {
        claim->quad[2 * i] = seen[i].x;
        claim->quad[2 * i + 1] = seen[i].y;
    }
}

// --- the engine ---

// What OpenCV throws must not reach C.
template <typename Work> ko_status guarded(ko_error *err, Work work)
{
    try {
        work();
        return KO_OK;
    } catch (const std::bad_alloc &) {
        return ko_fail(err, KO_E_NOMEM, "OpenCV");
    } catch (const std::exception &e) {
        return ko_fail(err, KO_E_FORMAT, "OpenCV: %s", e.what());
    }
}

void *open_peer(const Recipe &recipe, uint32_t n_works)
{
    cv::setNumThreads(1);
    return new (std::nothrow) Peer(recipe, n_works);
}

void *open_orb(uint32_t n_works, unsigned)
{
    return open_peer(ORB, n_works);
}

void *open_rootsift(uint32_t n_works, unsigned)
{
    return open_peer(ROOTSIFT, n_works);
}

ko_status add(void *self, uint32_t work, const ko_image *image, ko_error *err)
{
    Peer &peer = *static_cast<Peer *>(self);
    ko_grey laid = {};
    ko_status st = ko_bench_lay_on_white(image, &laid, err);
    if (st == KO_OK)
        st = guarded(err, [&] {
            peer.works[work] = describe(peer.recipe, laid, peer.recipe.work_keypoints);
        });
    ko_free(laid.px);
    return st;
}

ko_status build(void *self, uint32_t step, ko_error *err)
{
    Peer &peer = *static_cast<Peer *>(self);
    return guarded(err, [&] {
        peer.index.reset();
        peer.rows.release();
        peer.work_of.clear();
        peer.point_of.clear();
        for (uint32_t w = 0; w < peer.works.size(); w += step) {
            if (peer.works[w].descriptors.empty())
                continue;
            peer.rows.push_back(peer.works[w].descriptors);
            for (size_t i = 0; i < peer.works[w].points.size(); i++) {
                peer.work_of.push_back(w);
                peer.point_of.push_back(i);
            }
        }
        cv::setRNGSeed(1);
        if (peer.recipe.orb)
            peer.index.reset(new cv::flann::Index(peer.rows, cv::flann::LshIndexParams(6, 20, 1),
                                                  cvflann::FLANN_DIST_HAMMING));
        else
            peer.index.reset(new cv::flann::Index(peer.rows, cv::flann::KDTreeIndexParams(4)));
    });
}

// OpenCV does not tell what trees and tables take: descriptors alone.
void bytes(const void *self, size_t *out_index, size_t *out_works)
{
    const Peer &peer = *static_cast<const Peer *>(self);
    *out_index = peer.rows.total() * peer.rows.elemSize();
    *out_works = *out_index + peer.point_of.size() * sizeof(cv::Point2f);
}

ko_status ask(void *self, unsigned, const ko_image *photo, ko_bench_answer *out, ko_error *err)
{
    Peer &peer = *static_cast<Peer *>(self);
    return guarded(err, [&] {
        const double start_ms = ko_bench_thread_ms();
        const Described seen = describe(peer.recipe, photo->luma, peer.recipe.photo_keypoints);
        const double described_ms = ko_bench_thread_ms();
        std::vector<Matches> matches;
        if (!seen.descriptors.empty())
            matches = match(peer, seen);
        const double matched_ms = ko_bench_thread_ms();
        for (size_t i = 0; i < matches.size() && i < CANDIDATES && matches[i].from.size() >= 4; i++)
            verify(peer, matches[i], out);
        out->stage_ms[0] = described_ms - start_ms;
        out->stage_ms[1] = matched_ms - described_ms;
        out->stage_ms[2] = ko_bench_thread_ms() - matched_ms;
    });
}

void close_peer(void *self)
{
    delete static_cast<Peer *>(self);
}

const char *const stages[] = {"features", "search", "verify", nullptr};

const ko_bench_engine peers[] = {
    {"ORB",
     "OpenCV " CV_VERSION ": 1,000 keypoints a work and 2,000 a photo at 640 px, LSH, MAGSAC",
     stages, false, open_orb, add, build, bytes, ask, close_peer},
    {"RootSIFT",
     "OpenCV " CV_VERSION ": 800 keypoints a work and 1,500 a photo at 640 px, kd-trees, MAGSAC",
     stages, false, open_rootsift, add, build, bytes, ask, close_peer},
};

} // namespace

size_t ko_bench_peers(void)
{
    return sizeof peers / sizeof *peers;
}

const ko_bench_engine *ko_bench_peer(size_t i)
{
    return &peers[i];
}
